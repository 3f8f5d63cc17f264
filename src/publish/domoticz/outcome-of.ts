import type { HttpAnswer } from '../../http/http-client.ts';
import type { Outcome } from './domoticz-route.ts';

interface Asked {
  readonly origin: string;
  /** Without user name and password. */
  readonly anonymous: boolean;
}

/** Of what a server says itself, no more than a line. */
const LONGEST_MESSAGE = 200;

/** What Domoticz means with its answer to `udevice`. */
export function outcomeOf({ status, body }: HttpAnswer, { origin, anonymous }: Asked): Outcome {
  if (status === 401) return away(`${origin}: ${anonymous ? WANTS_CREDENTIALS : WRONG_CREDENTIALS}`);
  if (status === 403) return refused(NO_RIGHTS);
  if (status !== 200)
    return away(`${origin}: it answers with HTTP status ${status}; is domoticz.url the address of Domoticz?`);
  const answer = jsonIn(body);
  if (answer?.status === 'OK') return { kind: 'taken' };
  if (answer?.status !== 'ERR')
    return away(`${origin}: what answers there is not Domoticz; is domoticz.url its address?`);
  const { message } = answer;
  const said = typeof message === 'string' && message !== '' ? ` (${message.slice(0, LONGEST_MESSAGE)})` : '';
  return refused(`Domoticz answers ERR${said}. ${NO_DEVICE}`);
}

const WRONG_CREDENTIALS =
  'it does not let this user in (401); check domoticz.username and domoticz.password. Over http:// Domoticz takes them only where its settings allow it: Setup, Settings, Security, "Allow Basic-Auth authentication over plain HTTP"';
const WANTS_CREDENTIALS = 'it wants a user (401); set domoticz.username and domoticz.password';
const NO_RIGHTS =
  'this user may not change it (403). In Domoticz give the user at least the rights "User", and the device among its devices';
const NO_DEVICE =
  'Is there a device with this number (the column "Idx" in Setup, Devices), and is its hardware enabled?';

function refused(why: string): Outcome {
  return { kind: 'refused', why, logged: false };
}

function away(problem: string): Outcome {
  return { kind: 'away', problem, logged: false };
}

function jsonIn(body: string): { readonly status?: unknown; readonly message?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
