import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { document } from '../../torture/document.ts';
import { PARTS } from '../../torture/parts/all.ts';
import { Tally } from '../../torture/tally.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/reliability.md'), 'utf8');

function writtenPage(tally: Tally): string {
  return document(tally, { seeds: ['1'], minutes: 2, took: 120_000, parts: PARTS }, '0.1.0');
}

function tallied(): Tally {
  const tally = new Tally();
  tally.memory.set('line', 100 * 1024 ** 2);
  for (const { name, faults = [] } of PARTS) {
    for (const [fault] of [['none'], ...(faults.length > 0 ? faults : [['full'], ['slow']])]) {
      tally.compared(name, fault ?? '', 'MQTT');
      tally.recovered(name, fault ?? '', 2_000, 90_000);
    }
  }
  return tally;
}

const listed = (page: string): readonly string[] => page.split(/:\*\* |; |\.\n/);

describe('docs/reliability.md', () => {
  it('tells each part in one row, and every kind of fault once', () => {
    const page = writtenPage(tallied());
    for (const { what, faults = [] } of PARTS) {
      const kinds = faults.length > 0 ? faults.length : 2;
      expect(page.split('\n').filter((line) => line.startsWith(`| ${what} |`))).toEqual([
        `| ${what} | ${kinds} | ${kinds + 1} | ${kinds + 1} | 0 | 0 | 2.0 s |`,
      ]);
      for (const [, told] of faults) expect(listed(page)).toContain(told);
    }
    expect(page.split(/\s+/).length).toBeLessThan(1_100);
  });

  it('names what went wrong, with the fault', () => {
    const tally = tallied();
    tally.wrong('disk', 'full', 'a value that the meter did not hold', 'heat_energy 1');
    const page = writtenPage(tally);
    expect(page).toContain('| wrong | **1** |');
    expect(page).toContain('- disk, full: a value that the meter did not hold (1 times)');
  });

  it('holds the last run in the words of today', () => {
    for (const { what, faults = [] } of PARTS) {
      expect(PAGE).toContain(`\n| ${what} |`);
      for (const [, told] of faults) expect(listed(PAGE)).toContain(told);
    }
    expect(PAGE).toContain('\n| wrong | **0** |\n');
  });
});
