import { describe, expect, it } from 'vitest';
import { labelIn } from '../../src/catalogue/labels/label-in.ts';
import { QUANTITY_NAMES } from '../../src/catalogue/quantities.ts';
import { LANGUAGES } from '../../src/catalogue/texts/languages.ts';

const MISSING = '?';

describe.each(LANGUAGES.filter((language) => language !== 'en'))('labels in %s', (language) => {
  const labels = QUANTITY_NAMES.map((name) => [name, labelIn(language, name, MISSING)] as const);

  it('are there for every quantity', () => {
    expect(labels.filter(([, label]) => label === MISSING).map(([name]) => name)).toEqual([]);
  });

  it('differ, and are whole', () => {
    const texts = labels.map(([, label]) => label.toLowerCase());
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
    expect(texts.filter((text) => /[#{}]|^[^\p{L}]|\s$/u.test(text))).toEqual([]);
  });
});

it.each([
  ['da', 'heat_energy_month', 'Varmeenergi denne måned'],
  ['nl', 'active_energy_import_tariff_2', 'Actieve energie, afname, tarief 2'],
  ['sv', 'flow_bucket_volume_13', 'Volym i flödesklass 13'],
  ['de', 'max_power_import_tariff_1_date_time', 'Max. Leistung, Bezug, Tarif 1, Datum und Zeit'],
  ['de', 'voltage_l3', 'Spannung L3'],
  // As people say it in each language, not word by word.
  ['da', 'gas_equivalent', 'Gasækvivalent'],
  ['sv', 'gas_equivalent', 'Gasekvivalent'],
  ['nl', 'readings_left_today', 'Resterende uitlezingen vandaag'],
  ['de', 'failed_readings', 'Fehlgeschlagene Auslesungen'],
  ['de', 'last_successful_reading', 'Letzte erfolgreiche Auslesung'],
  ['en', 'volume', 'as in its row'],
] as const)('in %s %s is "%s"', (language, name, label) => {
  expect(labelIn(language, name, 'as in its row')).toBe(label);
});
