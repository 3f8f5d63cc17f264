import type { Clock, Random } from '../shared/clock.ts';
import { messageOf } from '../shared/errors.ts';
import type { BrokerAccess } from './broker-url.ts';
import { brokerAddress, type LoginMatter, loginMatter, loginProblem } from './report.ts';
import { BrokerSession, type MqttSettings, type SessionOptions, sessionOptions } from './session.ts';
import { doorProblem, mayBeWrongDoor } from './wrong-door.ts';

/** The options that the broker lets us in with, or why it does not, as a sentence without its full stop. */
export type LoginAnswer =
  | { readonly options: SessionOptions }
  | { readonly problem: { readonly matter: LoginMatter; readonly words: string } };

/** Milliseconds; what then has not answered is asked who it is. */
const ANSWERS_WITHIN = 8_000;

/**
 * Logs in and takes leave: nothing is sent, and there is no will. Where the broker does not let us in, it says why and
 * what to do, as a sentence. Never under the name of the bridge itself, whose connection would end over it.
 */
export async function logIn(
  settings: MqttSettings,
  broker: BrokerAccess,
  deps: { readonly clock: Clock; readonly random: Random },
): Promise<LoginAnswer> {
  let options: SessionOptions;
  try {
    options = sessionOptions({ ...settings, ...broker }, `${settings.clientId || 'multical2mqtt'}-check`);
  } catch (error) {
    const words = messageOf(error);
    return { problem: { matter: /mqtt\.url/.test(words) ? 'address' : 'certificate', words } };
  }
  const end = await knock(options, deps.clock);
  if (end === 'in') return { options };
  const door = mayBeWrongDoor(end.error) || end.isLate ? await doorProblem(broker.url, deps) : undefined;
  const problem = door ?? loginProblem(end.error, broker.username);
  const matter = door === undefined ? loginMatter(end.error) : 'address';
  return { problem: { matter, words: `${brokerAddress(broker.url)} ${problem}` } };
}

interface TurnedAway {
  /** Undefined where the broker just closed. */
  readonly error: unknown;
  readonly isLate: boolean;
}

function knock(options: SessionOptions, clock: Clock): Promise<'in' | TurnedAway> {
  return new Promise((resolve) => {
    const session = new BrokerSession(options, undefined, {
      opened: () => {
        cancel();
        void session.leave().then(() => resolve('in'));
      },
      message: () => {},
      dropped: () => {},
      closed: (error) => {
        cancel();
        resolve({ error, isLate: false });
      },
    });
    const cancel = clock.after(ANSWERS_WITHIN, () => {
      session.cut();
      resolve({ error: new Error('connack timeout'), isLate: true });
    });
    session.open();
  });
}
