import { readFileSync } from 'node:fs';
import type { RegisterDefinition } from '../../src/simulator/models/meter-model.ts';
import { MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import type { VirtualMeter } from '../../src/simulator/virtual-meter.ts';

/** A meter as test/fixtures/faults/README.md describes it. */
interface WrittenMeter {
  readonly serial: number;
  readonly regs: Readonly<
    Record<string, readonly [unit: number, length: number, decimals: number, last: number]>
  >;
  /** Last digits an hour. */
  readonly perHour?: Readonly<Record<string, number>>;
}

const NEGATIVE_EXPONENT = 0x40;

/** A meter from a file, which holds these registers and no others. */
export class FixtureMeter {
  private readonly written: WrittenMeter;

  constructor(file: string) {
    this.written = JSON.parse(readFileSync(new URL(`../fixtures/faults/${file}`, import.meta.url), 'utf8'));
  }

  options(model: ModelName, afterHours = 0): SimulatedMeterOptions {
    const none = MODELS[model].registers.map(([id]): [number, null] => [id, null]);
    const registers = { ...Object.fromEntries(none), ...this.registersAfter(afterHours) };
    return { model, serialNumber: this.written.serial, registers };
  }

  /** Lets the meter count as it does in so many hours. */
  count(meter: VirtualMeter, hours: number): void {
    for (const [id, definition] of Object.entries(this.registersAfter(hours)))
      meter.setRegister(Number(id), definition);
  }

  private registersAfter(hours: number): Readonly<Record<number, RegisterDefinition>> {
    const { regs, perHour = {} } = this.written;
    const definitions = Object.entries(regs).map(([id, [unit, length, exponent, last]]) => {
      const decimals = exponent & NEGATIVE_EXPONENT ? exponent & ~NEGATIVE_EXPONENT : 0;
      const source = Math.floor(last + (perHour[id] ?? 0) * hours);
      return [Number(id), { unit, length, decimals, source }] as const;
    });
    return Object.fromEntries(definitions);
  }
}
