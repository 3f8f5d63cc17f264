import { spawnSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lines } from '../../src/app/meters.ts';
import type { MeterConfig } from '../../src/meter/config.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { loadFile } from '../config/support/loading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { hasTool } from '../support/has-tool.ts';
import { pseudoTerminals } from '../transport/support/pseudo-terminals.ts';

function lines(): Lines {
  return new Lines({ clock: systemClock, random: () => 0.5, logger: new CollectingLogger() });
}

function meter(keys: Partial<MeterConfig>): MeterConfig {
  const [only] = loadFile({ meters: [{ port: '/dev/ttyUSB0', ...keys }] }).config.meters;
  if (only === undefined) throw new Error('no meter');
  return only;
}

describe('the lines of the configured meters', () => {
  it('are one a port, whoever hangs on it', () => {
    const all = lines();
    const first = all.of(meter({ port: 'tcp://Head:4001' }));
    expect(all.of(meter({ port: 'tcp://head:4001', address: 1 }))).toBe(first);
    expect(all.of(meter({ port: 'tcp://head:4002' }))).not.toBe(first);
  });

  it.skipIf(!hasTool('socat') || !hasTool('stty'))('have the speed of their meters', async () => {
    const { ours } = await pseudoTerminals();
    const all = lines();
    const opened = new Promise<void>((resolve) =>
      all.of(meter({ port: ours, baudRate: 9600 })).onOpen(() => resolve()),
    );
    all.start();
    onTestFinished(() => all.stop());
    await opened;
    const { stdout } = spawnSync('stty', ['-F', ours, 'speed'], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('9600');
  });
});
