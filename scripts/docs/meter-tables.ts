import { PROFILES } from '../../src/catalogue/families.ts';
import {
  type InfoTableName,
  METER_MODEL_NAMES,
  type MeterModelName,
  type MeterProfile,
} from '../../src/catalogue/family.ts';
import { messageTraits, PROBLEM_GROUPS, problemQuantity } from '../../src/catalogue/info-codes.ts';
import { infoTable } from '../../src/catalogue/info-tables.ts';
import { LOGGERS } from '../../src/catalogue/loggers.ts';
import { type LogEvidence, type LogProfile, readableLoggers } from '../../src/catalogue/logs.ts';
import { registerInfo } from '../../src/catalogue/registers.ts';
import { code, codes, type DocsTable, grouped } from './markdown.ts';

const COUNTED = { heat: 'heat, cooling', water: 'water', electricity: 'electricity' };

/** What one request of eight registers holds, as far as the meter has them. */
function mainValues({ first }: MeterProfile): readonly string[] {
  return first.slots.map(([register = 0]) => registerInfo(register).quantity);
}

const families: DocsTable = {
  name: 'families of meters',
  header: ['`model`', 'counts', 'main values'],
  rows: grouped(METER_MODEL_NAMES, (name) => codes(mainValues(PROFILES[name]))).map((names) => [
    codes(names),
    COUNTED[PROFILES[names[0]].kind],
    codes(mainValues(PROFILES[names[0]])),
  ]),
};

/** `MULTICAL 403, 603, 803` */
function labelsOf(names: readonly MeterModelName[]): string {
  const brands = grouped(names, (name) => PROFILES[name].label.split(' ')[0] ?? '');
  return brands
    .map((same) => {
      const [first, ...rest] = same.map((name) => PROFILES[name].label);
      return [first, ...rest.map((label) => label.split(' ').slice(1).join(' '))].join(', ');
    })
    .join('; ');
}

const INFO_TABLES = (['601', 'x3', 'water'] as const).map((name) => ({
  name,
  bits: infoTable(name, 4)?.bits ?? [],
}));

const infoBits: DocsTable = {
  name: 'info bits',
  header: ['problem', ...INFO_TABLES.map(({ name }) => labelsOf(withTable(name)))],
  rows: PROBLEM_GROUPS.map((group) => [
    code(problemQuantity(group)),
    ...INFO_TABLES.map(({ bits }) =>
      bits
        .filter(([, message]) => messageTraits(message).groups.includes(group))
        .map(([bit]) => bit)
        .join(', '),
    ),
  ]),
};

function withTable(table: InfoTableName): readonly MeterModelName[] {
  return METER_MODEL_NAMES.filter((name) => PROFILES[name].infoTable === table);
}

const EVIDENCE: Readonly<Record<LogEvidence, string>> = {
  captured: 'captured from real meters',
  reported: 'somebody reads it',
  documented: "the maker's paper; no capture",
  related: 'not yet tried on one',
  unknown: 'too little is public',
};

/** `year (20), month (36)` */
function loggersWithDepths({ depths }: LogProfile): string {
  const kept = LOGGERS.filter((name) => name in depths);
  return kept.map((name) => `${name}${depths[name] ? ` (${depths[name]})` : ''}`).join(', ') || 'not known';
}

const logs: DocsTable = {
  name: 'logs of meters',
  header: ['`model`', 'loggers that it keeps (rows)', 'read here', 'verified', 'source'],
  rows: grouped(METER_MODEL_NAMES, (name) => JSON.stringify(PROFILES[name].log)).map((names) => {
    const { log } = PROFILES[names[0]];
    const read = readableLoggers(log).join(', ');
    return [codes(names), loggersWithDepths(log), read || 'no', EVIDENCE[log.evidence], log.source];
  }),
};

export const METER_TABLES: readonly DocsTable[] = [families, infoBits, logs];
