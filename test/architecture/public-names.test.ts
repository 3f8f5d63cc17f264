import { expect, it } from 'vitest';
import { DERIVED_QUANTITY_NAMES, derivedQuantity } from '../../src/catalogue/derived-quantities.ts';
import { LOGGERS } from '../../src/catalogue/loggers.ts';
import { KNOWN_REGISTER_IDS, registerInfo } from '../../src/catalogue/registers.ts';
import { addonFirstMeterKeys, addonKeys, addonMeterKeys } from '../../src/config/addon-form.ts';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { flatKey, METER_FIGURES, OUTPUT_FIGURES } from '../../src/outputs/diagnostics-figures.ts';
import { fieldType } from '../../src/outputs/influxdb/line-protocol.ts';
import { logField } from '../../src/outputs/influxdb/logged-fields.ts';
import { quantityMetric } from '../../src/outputs/prometheus/quantity-metric.ts';
import { flattenKeys, type Keys, variableOf } from '../../src/schema/key.ts';
import { number } from '../readings/support/readings.ts';

/*
 * What people have in their dashboards, automations, databases and configurations. A name that stands here never goes
 * and never means something else; a new one is added with `npx vitest run test/architecture -u`.
 */

function quantities(): readonly string[] {
  const rows = [
    ...KNOWN_REGISTER_IDS.map((id) => ({ ...registerInfo(id), register: id })),
    ...DERIVED_QUANTITY_NAMES.flatMap((name) => derivedQuantity(name) ?? []).map((row) => ({
      ...row,
      register: null,
    })),
  ];
  return rows.map((row) => {
    const metric = quantityMetric({ ...row, unit: '', readAt: 0, value: number('1') })?.metric ?? 'no metric';
    return `${row.quantity}: register ${row.register ?? '-'}, ${row.nature}, InfluxDB ${fieldType(row)}, ${metric}`;
  });
}

function keys(group: Keys, prefix: string): readonly string[] {
  return flattenKeys(group).map(([path, key]) => `${path}: ${variableOf(path, key, prefix) ?? '-'}`);
}

function options(group: Keys): readonly string[] {
  return flattenKeys(group).map(([option]) => option);
}

it('public names stay', async () => {
  const sections = {
    'Quantities: register, nature, type in InfluxDB, metric of a plain number': quantities(),
    'Diagnostics of a meter': METER_FIGURES.map(flatKey),
    'Diagnostics of an output': OUTPUT_FIGURES.map(flatKey),
    Topics: [
      ...Object.values(topicsBelow('BASE')).map((topic) =>
        typeof topic === 'function' ? topic('SERIAL') : topic,
      ),
      topicsBelow('BASE', { guest: 'GUEST' }).bridgeState,
    ],
    "InfluxDB's fields for the row of a meter's log": LOGGERS.map(logField),
    'Configuration keys: environment variable': keys(configKeys, ''),
    'Configuration keys of a meter: environment variable': keys(meterKeys, 'METER_'),
    'Options of the add-on': options(addonKeys),
    'Options of a meter in the add-on': options(addonMeterKeys),
    'Options of the first meter in the add-on': options(addonFirstMeterKeys),
  };
  const text = Object.entries(sections).map(([title, names]) => [`# ${title}`, ...names, ''].join('\n'));
  await expect(text.join('\n')).toMatchFileSnapshot('../fixtures/public-names.txt');
});
