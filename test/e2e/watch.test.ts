import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, program, type Run } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const present = hasTool('socat');
const FAST = ['--baud-rate', '115200'];

async function simulated(link: string): Promise<Run> {
  const run = program(['simulate', '--link', link, '--model', '601', ...FAST]);
  await eventually(() => run.out.includes('Try it'));
  return run;
}

function watching(link: string, ...words: string[]): Run {
  return program(['read', '60', '--watch', '--schedule', '* * * * * *', '--port', link, ...FAST, ...words]);
}

const lines = ({ out }: Run): string[] => out.split('\n').slice(0, -1);

describe.skipIf(!present)('a meter that is watched', () => {
  it('comes back after its head was unplugged, and the watch leaves politely', async () => {
    const link = join(temporaryFolder(), 'meter');
    const head = await simulated(link);
    const run = watching(link, '--format', 'csv');
    await eventually(() => lines(run).length >= 3);
    head.child.kill('SIGTERM');
    await eventually(() => /warn {2}The meter: .*Reading again on schedule\.\n/.test(run.err));
    await ended(head);
    const before = lines(run).length;
    await simulated(link);
    await eventually(() => lines(run).length >= before + 2);
    run.child.kill('SIGINT');
    expect(await ended(run)).toBe(0);
    const [header, ...rows] = lines(run);
    expect(header).toBe('time,serial_number,heat_energy (MWh)');
    for (const row of rows) expect(row).toMatch(/^\d{4}-[^,]+,\d+,\d+\.\d+$/);
    expect(run.err).not.toMatch(/ {4}at /);
  });

  it('is let go quietly when nobody reads what is printed', async () => {
    const link = join(temporaryFolder(), 'meter');
    await simulated(link);
    const run = watching(link, '--format', 'json');
    await eventually(() => lines(run).length >= 1);
    run.child.stdout?.destroy();
    expect(await ended(run)).toBe(0);
    expect(run.err).not.toMatch(/EPIPE/);
  });
});
