import { describe, expect, it } from 'vitest';
import { modelOf } from '../../src/meter/identification.ts';
import type { Publisher } from '../../src/meter/publisher.ts';
import { certainModel, FanOut } from '../../src/outputs/output.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { DIAGNOSTICS, FEW, METER } from './support/meter-readings.ts';

const SWAPPED = { kind: 'meter-swapped', old: '1', new: '2', readAt: 0 } as const;

describe('certain model', () => {
  it.each([
    ['MULTICAL 403', ['403'], 'MULTICAL 403'],
    ['MULTICAL 302, 303, 403, 603 or 803', ['302', '303', '403', '603', '803'], null],
    // Of more than five nothing is named but their kind, which is one word for all of them.
    ['Kamstrup heat meter', ['302', '303', '402', '403', '602', '603'], 'Kamstrup heat meter'],
    [null, [], null],
  ] as const)('the certain model of %s is %s', (name, models, certain) => {
    const model = modelOf({ models, certainty: 'possible', name, why: 'by its registers' });
    expect(certainModel({ model })).toBe(certain);
  });
});

describe('fan out', () => {
  class Broken implements Publisher {
    meterIdentified(): void {
      throw new Error('broken');
    }
    readingTaken(): void {
      throw new Error('broken');
    }
    happened(): void {
      throw new Error('broken');
    }
    availabilityChanged(): void {
      throw new Error('broken');
    }
    diagnosticsChanged(): void {
      throw new Error('broken');
    }
    meterForgotten(): void {
      throw new Error('broken');
    }
  }

  class Notebook implements Publisher {
    readonly calls: unknown[][] = [];
    meterIdentified(...args: unknown[]): void {
      this.calls.push(['identified', ...args]);
    }
    readingTaken(...args: unknown[]): void {
      this.calls.push(['reading', ...args]);
    }
    happened(...args: unknown[]): void {
      this.calls.push(['happened', ...args]);
    }
    availabilityChanged(...args: unknown[]): void {
      this.calls.push(['availability', ...args]);
    }
    diagnosticsChanged(...args: unknown[]): void {
      this.calls.push(['diagnostics', ...args]);
    }
    meterForgotten(...args: unknown[]): void {
      this.calls.push(['forgotten', ...args]);
    }
  }

  it('hands everything on, also past a publisher that breaks', () => {
    const logger = new CollectingLogger();
    const notebooks = [new Notebook(), new Notebook()] as const;
    const fanOut = new FanOut([notebooks[0], new Broken(), notebooks[1]], logger);
    fanOut.meterIdentified(METER);
    fanOut.readingTaken(METER, [], FEW, 'anything', true);
    fanOut.happened(METER, SWAPPED);
    fanOut.availabilityChanged(METER, true);
    fanOut.diagnosticsChanged(METER, DIAGNOSTICS);
    fanOut.meterForgotten(METER.serialNumber);
    expect(notebooks[0].calls).toEqual([
      ['identified', METER],
      ['reading', METER, [], FEW, 'anything', true],
      ['happened', METER, SWAPPED],
      ['availability', METER, true],
      ['diagnostics', METER, DIAGNOSTICS],
      ['forgotten', METER.serialNumber],
    ]);
    expect(notebooks[1].calls).toEqual(notebooks[0].calls);
    expect(logger.all).toEqual(Array(6).fill('error Broken failed: broken'));
  });
});
