import type { Reading } from '../../readings/reading.ts';
import { certainModel } from '../certain-model.ts';
import type { MeterIdentity } from '../publisher.ts';
import { stateJson } from '../state-json.ts';

/** The state as it stands on the state topic, and whose it is. */
export function webhookBody(identity: MeterIdentity, latest: readonly Reading[], readAt: number): string {
  const { serialNumber, name } = identity;
  const meter = JSON.stringify({ serial_number: serialNumber, name, model: certainModel(identity) });
  return stateJson(latest, readAt).replace(/^\{/, () => `{"meter":${meter},`);
}
