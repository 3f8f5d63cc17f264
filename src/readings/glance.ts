import { traitsOf } from '../catalogue/quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import { isNumber, type Reading, readingText } from './reading.ts';

/**
 * What a person looks at first, on one line: `84.817 GJ, 520.41 m³, 109 L/h, 4.2 kW, 67.30/33.80 °C`. `?` stands for a
 * number that is not believed. Empty where the reading has nothing of it.
 */
export function glanceText(readings: readonly Reading[]): string {
  const seen = glanceReadings(readings);
  const groups: Reading[][] = [];
  for (const reading of seen) {
    const group = groups.at(-1);
    if (group !== undefined && continues(group.at(-1), reading)) group.push(reading);
    else groups.push([reading]);
  }
  return groups.map(groupText).join(', ');
}

/** Those that a person looks at first, in their order. */
export function glanceReadings(readings: readonly Reading[]): readonly Reading[] {
  return readings
    .filter(({ quantity }) => traitsOf(quantity).glance !== undefined)
    .filter((reading) => !isIdle(reading))
    .toSorted((one, other) => (one.register ?? 0) - (other.register ?? 0));
}

/** Cooling of a house that is only heated, export of one that only uses, a total that the meter does not use. */
function isIdle(reading: Reading): boolean {
  if (!isNumber(reading)) return reading.nature === 'total';
  return typeof traitsOf(reading.quantity).glance === 'object' && reading.value.value.eq(0);
}

function continues(before: Reading | undefined, reading: Reading): boolean {
  const isNext = before?.register !== null && before?.register === (reading.register ?? 0) - 1;
  return traitsOf(reading.quantity).glance === 'beside' && isNext && before?.unit === reading.unit;
}

function groupText(group: readonly Reading[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const numbers = group.map((reading) => (isNumber(reading) ? readingText({ ...reading, unit: '' }) : '?'));
  return `${before(first)}${numbers.join('/')} ${unitOf(first)}`.trim();
}

/** What stands for itself needs no word; what usually stands behind another does, without that other. */
function before({ quantity, register }: Reading): string {
  const { glance } = traitsOf(quantity);
  if (typeof glance === 'object') return `${glance.named} `;
  return glance === 'beside' ? `${registerInfo(register ?? 0).label.toLowerCase()} ` : '';
}

/** A small l is easily taken for a 1. */
function unitOf({ unit }: Reading): string {
  return unit.replace(/^l\b/, 'L');
}
