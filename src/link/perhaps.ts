import { hasCode } from '../shared/errors.ts';
import { AGAIN } from './again.ts';
import { getSerialNo, type MeterRequest } from './exchange.ts';
import type { Addressee, MeterSession } from './session.ts';

/**
 * A command that the meter may not know: its silence is the way to say no, so it is asked once. Only a reply that came
 * damaged is worth another try. Null for a no. Errors as of the session, also where the meter has fallen silent altogether.
 */
export async function askPerhaps<Reply>(
  session: MeterSession,
  request: MeterRequest<Reply>,
  addressee: Addressee,
): Promise<Reply | null> {
  for (let attempt = 1, isDamaged = true; isDamaged && attempt <= AGAIN.requestTries; attempt++) {
    isDamaged = false;
    const watching: Addressee = {
      ...addressee,
      tried: (seen) => {
        isDamaged = seen.observation.damagedReplies > 0;
        addressee.tried?.(seen);
      },
    };
    try {
      return await session.request(request, watching, AGAIN.singleTry);
    } catch (error) {
      if (!hasCode(error, 'no-answer')) throw error;
    }
  }
  return null;
}

/** To be called before a silence is taken for a no. Throws where the meter is silent on its number as well. */
export async function makeSureItListens(session: MeterSession, addressee: Addressee): Promise<void> {
  await session.request(getSerialNo, addressee, AGAIN.singleTry);
}
