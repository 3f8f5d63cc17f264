import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askHealth, HealthSocket } from '../../src/app/health-socket.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { hasCode } from '../../src/shared/errors.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function asked(folder: string, stuck: () => readonly string[] = () => []): Promise<CollectingLogger> {
  const logger = new CollectingLogger();
  const socket = new HealthSocket(folder, stuck, { clock: systemClock, logger });
  await socket.start();
  onTestFinished(() => socket.stop());
  return logger;
}

describe("the bridge's health", () => {
  it('is good while nothing is stuck', async () => {
    const folder = join(temporaryFolder(), 'not', 'there', 'yet');
    await asked(folder);
    expect(await askHealth(folder)).toEqual([]);
    expect(await runCli(['health', '--data-dir', folder])).toEqual({ code: 0, out: 'ok\n', err: '' });
  });

  it('is told in words when something is', async () => {
    const folder = temporaryFolder();
    await asked(folder, () => ['A is stuck', 'B too']);
    expect(await askHealth(folder)).toEqual(['A is stuck', 'B too']);
    const run = await runCli(['health'], { environment: { DATA_DIR: folder } });
    expect(run).toEqual({ code: 1, out: '', err: 'A is stuck\nB too\n' });
  });

  it('is asked for where the configuration keeps its data', async () => {
    const folder = temporaryFolder();
    await asked(folder);
    const file = join(folder, 'bridge.json');
    writeFileSync(file, JSON.stringify({ meters: [{ port: '/dev/x' }], dataDir: folder }));
    expect((await runCli(['health', '--config', file])).out).toBe('ok\n');
    expect((await runCli(['health', '--config', join(folder, 'none')])).code).toBe(2);
  });

  it('is bad where no bridge runs', async () => {
    const run = await runCli(['health', '--data-dir', temporaryFolder()]);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/No bridge answers at .*health\.sock.*ENOENT/);
  });

  it('is bad where something hangs', async () => {
    const folder = temporaryFolder();
    const hanging = createServer();
    await new Promise<void>((resolve) => hanging.listen(join(folder, 'health.sock'), resolve));
    onTestFinished(() => void hanging.close());
    const error = await askHealth(folder, 50).catch((reason: unknown) => reason);
    expect(hasCode(error, 'failed')).toBe(true);
    expect(String(error)).toMatch(/took too long/);
  });

  it('is asked for again after a bridge was killed', async () => {
    const folder = temporaryFolder();
    // What a killed process leaves: a name that nobody listens at.
    writeFileSync(join(folder, 'health.sock'), '');
    await asked(folder);
    expect(await askHealth(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['health.sock']);
  });

  it('is asked for again after one was killed while it took the place of another', async () => {
    const folder = temporaryFolder({ 'health.sock': '', 'health.sock.lock': '' });
    const clock = new FakeClock();
    const socket = new HealthSocket(folder, () => [], { clock, logger: new CollectingLogger() });
    onTestFinished(() => socket.stop());
    expect(await clock.runUntil(socket.start())).toBe(true);
    expect(await askHealth(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['health.sock']);
  });

  it('is not hurt by who leaves without listening', async () => {
    const folder = temporaryFolder();
    await asked(folder);
    connect(join(folder, 'health.sock')).destroy();
    expect(await askHealth(folder)).toEqual([]);
  });

  it.each([
    ['is too long', () => join(temporaryFolder(), 'x'.repeat(120)), /too long/],
    ['is no folder', () => join(temporaryFolder({ file: '' }), 'file', 'below'), /ENOTDIR/],
  ])('is done without where the path of the data folder %s', async (_, folder, words) => {
    const logger = await asked(folder());
    await eventually(() => logger.said('warn').some((line) => words.test(line)));
  });

  it('leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const socket = new HealthSocket(folder, () => [], { clock: systemClock, logger: new CollectingLogger() });
    await socket.start();
    await askHealth(folder);
    await socket.stop();
    expect(existsSync(join(folder, 'health.sock'))).toBe(false);
  });
});
