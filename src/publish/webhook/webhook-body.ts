import type { Reading } from '../../readings/reading.ts';
import type { MeterIdentity } from '../publisher.ts';
import { stateJson } from '../state-json.ts';

/** The state as it stands on the state topic, and whose it is. */
export function webhookBody(
  { serialNumber, name, model }: MeterIdentity,
  latest: readonly Reading[],
  readAt: number,
): string {
  const meter = JSON.stringify({ serial_number: serialNumber, name, model });
  return stateJson(latest, readAt).replace(/^\{/, () => `{"meter":${meter},`);
}
