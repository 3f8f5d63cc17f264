import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BorrowedPort } from '../../src/app/borrowed-port.ts';
import type { AskedMeter } from '../../src/app/meters.ts';
import { deskPath, LONGEST_LOAN, PortDesk } from '../../src/app/port-desk.ts';
import { NO_USE } from '../../src/meter/battery-account.ts';
import type { BatteryUse } from '../../src/meter/publisher.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WANTED = { port: '/dev/head', address: 0x3f };
const COST = { transactions: 2, wakeUps: 1, bytes: 40, awakeTime: 1600 };

/** A desk for one port; what is done with it is noted. */
async function opened(dataDir = temporaryFolder()) {
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const charged: Array<AskedMeter & { readonly use: BatteryUse }> = [];
  const loans: AbortSignal[] = [];
  const home = { isReading: Promise.resolve() };
  const desk = new PortDesk({
    dataDir,
    lender: {
      freePort: (port, back) => {
        if (port !== WANTED.port) return undefined;
        loans.push(back);
        return home.isReading;
      },
      charge: (asked, use) => charged.push({ ...asked, use }),
    },
    clock,
    logger,
  });
  await desk.start();
  onTestFinished(() => desk.stop());
  return { dataDir, clock, logger, charged, loans, desk, home };
}

describe('the desk at which a bridge lends its ports', () => {
  it('lends a port until it is given back, and books what was spent', async () => {
    const { dataDir, loans, charged } = await opened();
    const port = await BorrowedPort.ask(dataDir, WANTED);
    port?.spent({ ...COST, transactions: 1 }, undefined);
    port?.spent(COST, '84968362');
    expect([loans.length, loans[0]?.aborted]).toEqual([1, false]);
    await port?.giveBack();
    await eventually(() => loans[0]?.aborted);
    expect(charged).toEqual([{ ...WANTED, serialNumber: '84968362', use: { ...COST, readings: 1 } }]);
  });

  it('takes it back from a command that was killed, and books what it had spent by then', async () => {
    const { dataDir, loans, charged } = await opened();
    const socket = connect(deskPath(dataDir));
    socket.write(`${JSON.stringify(WANTED)}\n`);
    await eventually(() => loans.length === 1);
    socket.write(`${JSON.stringify({ spent: COST })}\n{"spent": {"transac`);
    await eventually(() => socket.bytesWritten > 0 && socket.writableLength === 0);
    socket.destroy();
    await eventually(() => loans[0]?.aborted);
    expect(charged).toEqual([{ ...WANTED, serialNumber: undefined, use: { ...COST, readings: 1 } }]);
  });

  it('takes it back when it has been away for too long, and says so to both', async () => {
    const { dataDir, clock, loans, logger } = await opened();
    const port = await BorrowedPort.ask(dataDir, WANTED);
    await clock.advance(LONGEST_LOAN - 1);
    expect(loans[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(loans[0]?.aborted).toBe(true);
    await eventually(() => port?.takenBack.aborted);
    expect(port?.problem?.message).toMatch(
      /reads on over \/dev\/head: it lends a port for 11 minutes at most/,
    );
    expect(logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/taken back/),
    });
  });

  it('is missed by a command when it ends, whose port then closes, and not after the port was given back', async () => {
    const { dataDir, desk } = await opened();
    const returned = await BorrowedPort.ask(dataDir, WANTED);
    await returned?.giveBack();
    const port = await BorrowedPort.ask(dataDir, WANTED);
    await desk.stop();
    await eventually(() => port?.takenBack.aborted);
    expect(port?.problem?.message).toMatch(/^The bridge that lent \/dev\/head has ended, .*Begin again/);
    expect(returned?.problem).toBeUndefined();
  });

  it('books nothing that no command can spend', async () => {
    const { dataDir, charged, loans } = await opened();
    const port = await BorrowedPort.ask(dataDir, WANTED);
    port?.spent({ ...COST, bytes: 1e300, awakeTime: -1 }, undefined);
    await port?.giveBack();
    await eventually(() => loans[0]?.aborted);
    expect(charged.map(({ use }) => use)).toEqual([{ ...COST, bytes: 0, awakeTime: 0, readings: 1 }]);
  });

  it('does not fill the log for a command that comes again and again', async () => {
    const { dataDir, loans, logger } = await opened();
    for (let time = 1; time <= 20; time++) {
      await (await BorrowedPort.ask(dataDir, WANTED))?.giveBack();
      await eventually(() => loans.length === time && loans.at(-1)?.aborted);
    }
    expect(logger.lines.filter(({ level }) => level === 'info')).toHaveLength(3);
  });

  it('knows nothing of other ports, and books nothing where nothing was asked', async () => {
    const { dataDir, charged, loans } = await opened();
    expect(await BorrowedPort.ask(dataDir, { port: '/dev/other', address: 1 })).toBeUndefined();
    await (await BorrowedPort.ask(dataDir, WANTED))?.giveBack();
    await eventually(() => loans[0]?.aborted);
    expect(charged).toEqual([]);
  });

  it('lets a command wait for a reading that runs, but not for ever', async () => {
    const { dataDir, home, loans } = await opened();
    home.isReading = new Promise(() => {});
    await expect(BorrowedPort.ask(dataDir, WANTED, { patience: 30 })).rejects.toMatchObject({
      code: 'port-busy',
      message: expect.stringMatching(/is reading over \/dev\/head.*Try again/),
    });
    await eventually(() => loans[0]?.aborted);
  });

  it('ends its loans with the bridge, which does not stop the command', async () => {
    const { dataDir, charged, desk } = await opened();
    const port = await BorrowedPort.ask(dataDir, WANTED);
    port?.spent(COST, undefined);
    // Whoever comes later has been heard later.
    await BorrowedPort.ask(dataDir, { port: '/dev/other', address: 1 });
    await desk.stop();
    expect(charged).toHaveLength(1);
    expect([port?.takenBack.aborted, port?.problem]).toEqual([false, undefined]);
    port?.spent(COST, undefined);
    await port?.giveBack();
  });

  it('takes no harm from what is no message', async () => {
    const { dataDir, charged } = await opened();
    for (const text of [
      'nonsense\n',
      '{"port": 7}\n',
      `{"port": "/dev/head", "address": "x"}\n`,
      'x'.repeat(20_000),
    ]) {
      const socket = connect(deskPath(dataDir));
      socket.on('error', () => {});
      socket.end(text);
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    const port = await BorrowedPort.ask(dataDir, WANTED);
    port?.spent({ transactions: 1, wakeUps: -1, bytes: Number.NaN, awakeTime: 0.4 }, undefined);
    await port?.giveBack();
    const spent = await eventually(() => charged[0]);
    expect(spent.use).toEqual({ ...NO_USE, transactions: 1, readings: 1 });
  });

  it('opens where a killed bridge left its socket, and where there can be none', async () => {
    const folder = temporaryFolder();
    writeFileSync(deskPath(folder), '');
    const { dataDir } = await opened(folder);
    expect(await BorrowedPort.ask(dataDir, WANTED)).toBeDefined();
    const { logger } = await opened(join(folder, 'x'.repeat(200)));
    expect(logger.lines).toMatchObject([
      { level: 'debug', message: expect.stringMatching(/cannot be lent/) },
    ]);
  });

  it('is not there where no bridge runs: the command goes on without it', async () => {
    expect(await BorrowedPort.ask(temporaryFolder(), WANTED)).toBeUndefined();
  });
});
