import { describe, expect, it } from 'vitest';
import { BridgeStatus } from '../../src/app/bridge-status.ts';
import { LogTail } from '../../src/log/log-tail.ts';
import { newCounters } from '../../src/meter/meter-counters.ts';
import { Health } from '../../src/polling/health.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;

/** The status of a bridge with one meter, whose running reading has taken so long. */
function statusAfter(busyFor: number): BridgeStatus {
  const config = bridgeConfig({ meters: [{ name: 'House', port: '/dev/none' }] }, temporaryFolder());
  const { diagnostics, online } = new Health(newCounters());
  const bridge = {
    broker: { connected: false, address: undefined, problem: undefined },
    meters: [{ meter: undefined, online, diagnostics, latest: [], busyFor }],
  };
  return new BridgeStatus({
    bridge,
    meters: config.meters,
    version: '1.2.3',
    tail: new LogTail(),
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
