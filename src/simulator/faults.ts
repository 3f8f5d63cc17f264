import type { Random } from '../shared/back-off.ts';
import { Multical2MqttError } from '../shared/errors.ts';

/**
 * | fault | what happens |
 * | --- | --- |
 * | echo | the optical head throws the request back while it is sent |
 * | silence | no reply |
 * | checksum | one byte of the reply is wrong |
 * | truncation | the reply stops half way |
 * | noise | random bytes before and after the reply |
 * | spurious-zero | a lone 00 before the reply |
 * | late | the reply begins after the reader gave up |
 * | foreign-reply | a good reply to another request than the one asked |
 * | unplug | the line drops in place of the reply, and comes back after some seconds |
 */
export const FAULT_NAMES = [
  'echo',
  'silence',
  'checksum',
  'truncation',
  'noise',
  'spurious-zero',
  'late',
  'foreign-reply',
  'unplug',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** Strikes always, or `count` times, or with `probability` (0 to 1). */
export interface Fault {
  readonly name: FaultName;
  readonly count?: number;
  readonly probability?: number;
}

/** Reads `NAME`, `NAME:COUNT` or `NAME:PERCENT%`. Error `usage` for anything else. */
export function parseFault(text: string): Fault {
  const [name = '', amount, ...rest] = text.split(':');
  if (!isFaultName(name)) {
    throw new Multical2MqttError(
      'usage',
      `There is no fault "${name}". Faults are: ${FAULT_NAMES.join(', ')}.`,
    );
  }
  if (amount === undefined) return { name };
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(amount) ?? [];
  const figure = Number(digits);
  if (rest.length === 0 && percent === '%' && figure <= 100) return { name, probability: figure / 100 };
  if (rest.length === 0 && percent === '' && Number.isInteger(figure)) return { name, count: figure };
  throw new Multical2MqttError(
    'usage',
    `"${text}" is no fault: write ${name} (always), ${name}:3 (the next three replies) or ${name}:10% (one in ten).`,
  );
}

/** Which faults strike now. */
export class Faults {
  private readonly random: Random;
  private readonly faults: { readonly fault: Fault; left: number }[];

  constructor(faults: readonly Fault[], random: Random) {
    this.random = random;
    this.faults = faults.map((fault) => ({ fault, left: fault.count ?? Number.POSITIVE_INFINITY }));
  }

  /** Asked once for each occasion, because a fault with a count is used up by it. */
  strikes(name: FaultName): boolean {
    const struck = this.faults.find(
      ({ fault, left }) => fault.name === name && left > 0 && this.random() < (fault.probability ?? 1),
    );
    if (struck !== undefined) struck.left--;
    return struck !== undefined;
  }
}

function isFaultName(name: string): name is FaultName {
  return (FAULT_NAMES as readonly string[]).includes(name);
}
