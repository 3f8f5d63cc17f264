import { StoredMeterMemory, StoredUnits } from '../app/memory.ts';
import { StateStore } from '../app/state-store.ts';
import { convertLogged } from '../loggers/logged-readings.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import type { MeterModel } from '../meter/identification.ts';
import { rememberedModel } from '../meter/remembered-model.ts';
import { shownUnits } from '../outputs/converting-publisher.ts';
import { influxdb } from '../outputs/influxdb/config.ts';
import { loggedPoint } from '../outputs/influxdb/points.ts';
import { applyKeys, parseValues } from '../schema/apply.ts';
import type { Logger } from '../shared/logger.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';

/** `undefined` for a row that is no point. */
export type PointOf = (row: LoggedRow) => string | undefined;

/**
 * Points of a meter's log as the bridge of its configuration writes them, so that a row stays one point, whoever wrote it
 * first. `answered`: what the meter told of its model just now, which a bridge that has not seen it yet will find too; null
 * where nobody asked it.
 */
export function loggedPoints(
  configured: ConfiguredMeter | undefined,
  serialNumber: string,
  answered: MeterModel | null,
  logger: Logger,
): PointOf {
  if (configured === undefined) {
    const meter = { serialNumber, name: '', model: answered };
    return (row) => loggedPoint(STANDARD, meter, row);
  }
  const { meter: config, dataDir, influxdb: form } = configured;
  const store = new StateStore(dataDir, logger);
  const remembered = new StoredMeterMemory(store).lookUp(serialNumber);
  const isNew = remembered === undefined && config.model === 'auto';
  const model = isNew ? answered : rememberedModel(remembered, config.model);
  const units = shownUnits(new StoredUnits(store).recall(serialNumber), config.units);
  const meter = { serialNumber, name: config.name, model };
  return (row) =>
    loggedPoint(
      form,
      meter,
      convertLogged(row, (quantity) => units[quantity]),
    );
}

/** Of a configuration that says nothing of them. */
const STANDARD = parseValues(influxdb.keys, applyKeys(influxdb.keys, [], '').written);
