import { PassThrough } from 'node:stream';
import { EXIT, EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { PRESET_ROWS } from '../../src/meter/schedules.ts';
import { METER_FIGURES } from '../../src/outputs/diagnostics-figures.ts';
import { readingsADay } from '../../src/shared/schedule.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { code, type DocsTable, grouped } from './markdown.ts';

export const PRESETS: DocsTable = {
  name: 'presets',
  header: ['preset', 'stands for', 'the meter is read', 'readings a day'],
  rows: PRESET_ROWS.map(([name, cron, meaning]) => [
    code(name),
    code(cron),
    meaning,
    String(readingsADay([cron])),
  ]),
};

/** The figures of both periods stand in one row. */
const FIGURES = grouped(METER_FIGURES, ({ key, period }) => `${key} ${period !== undefined}`);

export const DIAGNOSTICS = {
  name: 'diagnostics of a meter',
  header: ['key', 'meaning', 'Home Assistant'],
  rows: FIGURES.map((same) => [
    same.map(({ key, period }) => code(period === undefined ? key : `${period}.${key}`)).join(', '),
    same[0].meaning ?? same[0].metric?.[1] ?? '',
    [...new Set(same.map(({ entity }) => entity && shownText(entity.enabled)))].join(', '),
  ]),
};

function shownText(enabled: boolean | 'on battery'): string {
  if (enabled === 'on battery') return 'shown on battery';
  return enabled ? 'shown' : 'disabled';
}

const nowhere = new PassThrough();

const program = makeProgram({
  environment: {},
  out: nowhere,
  err: nowhere,
  input: nowhere,
  version: '',
  secrets: new Secrets(),
  signal: new AbortController().signal,
});

export const COMMANDS: DocsTable = {
  name: 'commands',
  header: ['command', 'does'],
  rows: program.commands.map((command) => [
    code([command.name(), command.usage().replace(/^\[options\] ?/, '')].join(' ').trim()),
    command.description(),
  ]),
};

export const EXIT_CODES: DocsTable = {
  name: 'exit codes',
  header: ['exit code', 'means'],
  rows: (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [String(EXIT[name]), EXIT_MEANINGS[name]]),
};
