import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { BridgeStatus, notReady } from '../../src/app/status.ts';
import { newCounters } from '../../src/link/session.ts';
import { createLogger, LogTail } from '../../src/log/winston-logger.ts';
import { Health } from '../../src/meter/health.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('bridge status', () => {
  const MINUTE = 60_000;

  /** The status of a bridge with one meter, whose running reading has taken so long. */
  function statusAfter(
    busyFor: number,
    more: { problem?: string; secrets?: Secrets; failure?: string; overdue?: readonly string[] } = {},
  ): BridgeStatus {
    const { problem, secrets = new Secrets(), failure, overdue = [] } = more;
    const config = bridgeConfig({ meters: [{ name: 'House', port: '/dev/none' }] }, temporaryFolder());
    const logger = createLogger({ level: 'error', format: 'text', stream: new PassThrough(), secrets });
    const health = new Health(newCounters(), logger);
    if (failure !== undefined) health.failed(failure);
    const tail = new LogTail();
    tail.add({ time: 0, level: 'warn', message: logger.withoutSecrets(`It was: ${problem}`) });
    const bridge = {
      clockProblem: undefined,
      otherOutputs: [],
      get broker() {
        const words = problem === undefined ? undefined : logger.withoutSecrets(problem);
        return { connected: false, address: undefined, problem: words };
      },
      get meters() {
        const { diagnostics, online } = health;
        return [{ meter: undefined, online, diagnostics, latest: [], busyFor }];
      },
      overdue,
    };
    return new BridgeStatus({
      bridge,
      meters: config.meters,
      version: '1.2.3',
      tail,
      logger,
      clock: new FakeClock(),
      startedAt: 0,
    });
  }

  describe("the bridge's status", () => {
    it('is well while a reading takes its time', () => {
      expect(statusAfter(29 * MINUTE).stuck()).toEqual([]);
    });

    it('is stuck when a reading never ends', () => {
      expect(statusAfter(31 * MINUTE).stuck()).toEqual(['A reading of House does not come to an end']);
    });

    it('is stuck when a schedule is overdue', () => {
      const overdue = ['The schedule 0 * * * * is overdue by 5 min'];
      expect(statusAfter(0, { overdue }).stuck()).toEqual(overdue);
    });

    it('shows no secret, whoever repeats it', () => {
      const words = 'the token is token-0123456789, the password pass-word';
      const secrets = new Secrets(['token-0123456789']);
      const status = statusAfter(0, { problem: words, failure: words, secrets });
      // A broker's password may be learnt late.
      secrets.add('pass-word');
      const { broker, meters, log } = status.now();
      const hidden = 'the token is ***, the password ***';
      expect(broker?.problem).toBe(hidden);
      expect(meters[0]?.lastError).toBe(hidden);
      expect(log[0]?.message).toBe(`It was: ${hidden}`);
    });

    it('has nothing of a meter that has never answered', () => {
      expect(statusAfter(0).now().meters).toEqual([
        {
          name: 'House',
          port: '/dev/none',
          schedule: '0 * * * *',
          serialNumber: undefined,
          model: undefined,
          online: undefined,
          lastReading: undefined,
          lastError: undefined,
          readings: [],
        },
      ]);
    });
  });
});

describe('not ready', () => {
  const METERS = [{ name: 'House' }, { name: 'Flat' }];

  function statuses(...read: readonly boolean[]) {
    return read.map((done) => {
      const health = new Health(newCounters(), new CollectingLogger());
      if (done) health.succeeded(1, 1);
      return { diagnostics: health.diagnostics };
    });
  }

  it('a bridge waits for its broker and for each of its meters', () => {
    expect(notReady({ connected: false }, METERS, statuses(false, false))).toEqual([
      'The MQTT broker is not connected',
      'House has not been read since the start',
      'Flat has not been read since the start',
    ]);
    expect(notReady({ connected: true }, METERS, statuses(true, false))).toEqual([
      'Flat has not been read since the start',
    ]);
  });

  it('a bridge is ready when all of them were read, also where there is no broker', () => {
    expect(notReady({ connected: true }, METERS, statuses(true, true))).toEqual([]);
    expect(notReady(undefined, METERS, statuses(true, true))).toEqual([]);
    expect(notReady(undefined, METERS, [])).toHaveLength(2);
  });
});
