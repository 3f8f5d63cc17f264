import { decoding } from './decoding.ts';
import type { Figure } from './figure.ts';
import { outputs } from './outputs.ts';
import { publishing, start } from './publishing.ts';
import { readings } from './reading.ts';

const figures: Figure[] = [
  decoding(),
  ...(await readings()),
  await start(),
  ...(await publishing()),
  ...(await outputs()),
];

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
const rows = figures.map(({ name, value, unit, atMost }) => {
  const verdict = atMost === undefined ? '' : `${value <= atMost ? 'reached' : 'MISSED'} (at most ${atMost})`;
  return `${name.padEnd(40)} ${rounded(value).padStart(10)} ${unit.padEnd(4)} ${verdict}`.trimEnd();
});
process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n\n${rows.join('\n')}\n`);
