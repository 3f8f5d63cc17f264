import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { fromUnsigned } from '../../src/kmp/bytes.ts';
import { readingText, toReading } from '../../src/readings/reading.ts';

const NEGATIVE = 0x80;
/** That many decimals. */
const DECIMALS = 0x40;

type Sent = readonly [id: number, unit: number, bytes: number, signExponent: number, integer: bigint];

function text([id, unit, bytes, signExponent, integer]: Sent): string {
  const magnitude = Uint8Array.from(fromUnsigned(integer, bytes));
  return readingText(toReading({ id, unit, signExponent, magnitude }, 0));
}

describe('a number that stands for none', () => {
  it.each<readonly [what: string, ...Sent]>([
    ['127 °C of water', 292, UNIT.celsius, 1, 0, 127n],
    ['127 °C in two bytes', 292, UNIT.celsius, 2, 0, 127n],
    ['-128 °C of a water meter', 299, UNIT.celsius, 1, NEGATIVE, 128n],
    ['255 °C as a mean of the month', 295, UNIT.celsius, 1, 0, 255n],
    ['0x7FFF as a flow temperature', 86, UNIT.celsius, 2, DECIMALS | 2, 0x7fffn],
    ['0x8000 as a return temperature', 87, UNIT.celsius, 2, DECIMALS | 2, 0x8000n],
    ['-32768 as a difference', 89, UNIT.kelvin, 2, NEGATIVE | DECIMALS | 2, 0x8000n],
    ['nines as a temperature', 86, UNIT.celsius, 4, DECIMALS | 2, 99999n],
    ['-32768 as a power', 80, UNIT.kiloWatt, 2, NEGATIVE | DECIMALS | 1, 0x8000n],
    ['0xFFFF as a flow', 74, UNIT.litrePerHour, 2, 0, 0xffffn],
    ['0xFFFF as the lowest flow of the month', 141, UNIT.litrePerHour, 2, 0, 0xffffn],
    ['0x7FFFFFFF as a flow', 74, UNIT.litrePerHour, 4, 0, 0x7fffffffn],
    ['eight nines as a power', 80, UNIT.kiloWatt, 4, DECIMALS | 1, 99999999n],
    ['0xFFFFFFFF as an energy', 60, UNIT.gigaJoule, 4, DECIMALS | 3, 0xffffffffn],
    ['-2147483648 as a volume', 68, UNIT.cubicMetre, 4, NEGATIVE, 0x80000000n],
    ['0xFFFFFFFF as a customer number', 1010, UNIT.number, 4, 0, 0xffffffffn],
    ['sixteen bytes of ones', 1203, 0, 16, 0, (1n << 128n) - 1n],
  ])('%s is no value', (_, ...sent) => {
    expect(text(sent)).toBe('unknown');
  });

  it.each<readonly [what: string, expected: string, ...Sent]>([
    ['an energy of 127', '127 GJ', 60, UNIT.gigaJoule, 4, 0, 127n],
    ['a volume of nines', '99999.999 m³', 68, UNIT.cubicMetre, 4, DECIMALS | 3, 99_999_999n],
    ['a total of 0x7FFFFFFF', '214748.3647 kWh', 13, UNIT.kiloWattHour, 4, DECIMALS | 4, 0x7fffffffn],
    ['a flow of 32767 l/h', '32767 l/h', 74, UNIT.litrePerHour, 2, 0, 0x7fffn],
    ['a flow of 127 l/h', '127 l/h', 74, UNIT.litrePerHour, 1, 0, 127n],
    ['127 °C of a heat meter', '127 °C', 149, UNIT.celsius, 1, 0, 127n],
    ['99.99 °C', '99.99 °C', 86, UNIT.celsius, 2, DECIMALS | 2, 9999n],
    ['12.7 °C of water', '12.7 °C', 292, UNIT.celsius, 2, DECIMALS | 1, 127n],
    ['a power of 560 kW', '560 kW', 80, UNIT.kiloWatt, 2, 0, 560n],
    ['a voltage of 255 V', '255 V', 1054, UNIT.volt, 1, 0, 255n],
    ['an event counter at its end', '65535', 113, UNIT.number, 2, 0, 0xffffn],
    ['a pulse value of 255', '255 l/imp', 234, UNIT.litrePerPulse, 1, 0, 255n],
    ['an info code, which is never hidden', '4294967295', 99, UNIT.number, 4, 0, 0xffffffffn],
  ])('%s is a value', (_, expected, ...sent) => {
    expect(text(sent)).toBe(expected);
  });
});
