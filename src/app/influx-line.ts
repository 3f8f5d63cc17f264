import { certainModel } from '../publish/certain-model.ts';
import { linePoint } from '../publish/influxdb/line-protocol.ts';
import { fieldOf } from '../publish/influxdb/reading-field.ts';
import type { TakenReading } from './taken-reading.ts';

/** A reading in InfluxDB's line protocol, in milliseconds; undefined where it has no value that InfluxDB could keep. */
export function influxLine({ meter, readAt, readings }: TakenReading): string | undefined {
  return linePoint({
    measurement: 'multical',
    tags: [
      ['serial_number', meter.serialNumber],
      ['model', certainModel(meter) ?? ''],
    ],
    fields: readings.map(fieldOf).filter((field) => field !== undefined),
    time: readAt,
  });
}
