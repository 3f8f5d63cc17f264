import { FrameReader } from '../src/kmp/frame.ts';
import { decodeMessage } from '../src/kmp/messages.ts';
import type { MeterIdentity } from '../src/meter/publisher.ts';
import { type Reading, toReading } from '../src/readings/reading.ts';

/** Five registers of a MULTICAL 403 (gemu2015/Sonoff-Tasmota#38). */
export const REPLY = Buffer.from(
  '403F10003C0304430000D96000562502421A4500572502420A8300592602420FC2004A290200001BF94EF30D',
  'hex',
);

export const METER: MeterIdentity = {
  serialNumber: '84968362',
  name: 'District heating',
  model: { name: 'MULTICAL 403', isOneOfSeveral: false, certainty: 'certain', why: 'by its type code' },
  kind: 'heat',
  softwareRevision: null,
};

/** What that reply says, as if it were read at `readAt` (milliseconds since 1970). */
export function sampleReadings(readAt: number): readonly Reading[] {
  const [item] = new FrameReader().push(REPLY);
  const message = item?.kind === 'frame' ? decodeMessage(item.frame) : undefined;
  if (message?.kind !== 'registers') throw new Error('the sample is no reading');
  return message.records.map((record) => toReading(record, readAt));
}
