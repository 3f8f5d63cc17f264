import { describe, expect, it } from 'vitest';
import { BridgeExchanges } from '../../src/app/exchanges-source.ts';
import { ExchangeLog } from '../../src/link/exchange-log.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { exchangeRoutes } from '../../src/web/routes/exchanges.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const NOON = Date.UTC(2026, 0, 15, 12);

function shown(options: PolledLineOptions = {}) {
  const polled = new PolledLine({ now: NOON, exchanges: new ExchangeLog(100), ...options });
  const bridge = { meterAt: (index: number) => (index === 0 ? polled.meter : undefined) };
  return { polled, source: new BridgeExchanges(bridge, [{ name: 'House' }], polled.believed) };
}

describe('exchanges on the page', () => {
  it('are those of a reading, byte by byte', async () => {
    const { polled, source } = shown({ detailSchedule: 'never' });
    polled.simulator.setFaults([parseFault('echo')]);
    await polled.firstReading();
    const exchanges = source.exchanges('House') ?? [];
    expect(exchanges.length).toBeGreaterThan(1);
    const first = exchanges.at(-1);
    expect(first).toMatchObject({ outcome: 'answered', at: NOON, sent: { bytes: '803F0235E90D' } });
    expect(first?.took).toBeGreaterThan(50);
    const meanings = first?.received.parts.map(({ meaning }) => meaning);
    expect(meanings?.[0]).toMatch(/our own request/);
    expect(meanings).toContain(`serial number ${polled.meter.serialNumber}`);
    for (const { sent, received } of exchanges)
      for (const { bytes, parts } of [sent, received])
        expect(parts.map((part) => part.bytes).join('')).toBe(bytes);
    await polled.stop();
  });

  it('have failures too, in words', async () => {
    const { polled, source } = shown({ detailSchedule: 'never' });
    await polled.firstReading();
    const outcomes = async (fault: string): Promise<readonly string[]> => {
      polled.simulator.setFaults([parseFault(fault)]);
      const before = source.exchanges('House')?.length ?? 0;
      await polled.tick('hourly');
      const all = source.exchanges('House') ?? [];
      return all.slice(0, all.length - before).map(({ outcome }) => outcome);
    };
    expect(new Set(await outcomes('checksum'))).toEqual(new Set(['damaged reply']));
    expect(new Set(await outcomes('silence'))).toEqual(new Set(['no answer']));
    await polled.stop();
  });

  it('are none where nobody keeps them', async () => {
    const { polled, source } = shown({ exchanges: undefined });
    await polled.firstReading();
    expect(source.exchanges('House')).toEqual([]);
    await polled.stop();
  });

  it('tell what of endless light is left out', () => {
    const at = NOON;
    const light = {
      at,
      sent: new Uint8Array(),
      received: Uint8Array.of(0x55),
      more: 7,
      outcome: 'noise',
      took: null,
    } as const;
    const source = new BridgeExchanges(
      { meterAt: () => ({ exchanges: [light] }) },
      [{ name: 'House' }],
      shown().polled.clock,
    );
    expect(source.exchanges('House')?.[0]?.received.parts).toEqual([
      { bytes: '55', meaning: 'noise: part of no frame' },
      { bytes: '', meaning: '7 more bytes, which were not kept' },
    ]);
  });

  it('are of meters that there are', () => {
    const [route] = exchangeRoutes(shown().source);
    const asked = {
      language: 'en',
      query: new URLSearchParams(),
      body: undefined,
      gone: new AbortController().signal,
    } as const;
    expect(() => route?.handle({ ...asked, parameters: { name: 'Nowhere' } })).toThrow(
      'No meter is called "Nowhere".',
    );
    expect(route?.handle({ ...asked, parameters: { name: 'House' } })).toEqual({ json: [] });
  });
});
