import { crowd } from './crowd.ts';
import { decoding } from './decoding.ts';
import type { Figure } from './figure.ts';
import { fleet } from './fleet.ts';
import { history } from './history.ts';
import { log } from './log.ts';
import { outputs } from './outputs.ts';
import { publishing, start } from './publishing.ts';
import { readings } from './reading.ts';

/** In this order; the last four only where they are asked for, because they take long, or a Mosquitto. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  decoding: async () => [decoding()],
  readings,
  start: async () => [await start()],
  publishing,
  outputs,
  log,
  history,
  fleet,
  crowd,
};
const ON_REQUEST = ['log', 'history', 'fleet', 'crowd'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in GROUPS));
if (unknown.length > 0)
  throw new Error(`${unknown.join(', ')}: choose among ${Object.keys(GROUPS).join(', ')}`);
const names = asked.length > 0 ? asked : Object.keys(GROUPS).filter((name) => !ON_REQUEST.includes(name));
const figures: Figure[] = [];
for (const name of names) figures.push(...((await GROUPS[name]?.()) ?? []));

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
const rows = figures.map(({ name, value, unit, atMost }) => {
  const verdict = atMost === undefined ? '' : `${value <= atMost ? 'reached' : 'MISSED'} (at most ${atMost})`;
  return `${name.padEnd(40)} ${rounded(value).padStart(10)} ${unit.padEnd(4)} ${verdict}`.trimEnd();
});
process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n\n${rows.join('\n')}\n`);
