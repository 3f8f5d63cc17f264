import { describe, expect, it } from 'vitest';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';

interface JsonView {
  readonly asked: number;
  readonly answered: number;
  readonly echoSeen: boolean;
  readonly verdict: string;
  readonly advice: string;
  readonly serialNumber: string | null;
}

function lastView(out: string): JsonView {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

/** Patience costs no time where every request is answered. */
const PATIENT = ['--timeout-allowance', '5000'];

/** Aligns until what was printed fits, and then for no longer than it takes to end. */
async function alignUntil(
  enough: (out: string) => boolean,
  words: readonly string[],
  options: { readonly outTerminal?: boolean } = {},
): Promise<CliRun> {
  const stop = new AbortController();
  let out = '';
  return runCli(['align', ...words], {
    ...options,
    signal: stop.signal,
    onOut: (text) => {
      out += text;
      if (enough(out)) stop.abort();
    },
  });
}

/** Up by the height of a picture. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what moves the cursor
const UP = /\x1b\[(\d+)A/g;

const drawnOver =
  (times: number) =>
  (out: string): boolean =>
    Array.from(out.matchAll(UP)).length >= times;

const lines =
  (count: number) =>
  (out: string): boolean =>
    out.split('\n').length > count;

describe('align', () => {
  it('says live how often the meter answers, and which one it is', async () => {
    const { words } = await servedMeter();
    const { code, out, err } = await alignUntil(lines(4), ['--json', ...PATIENT, ...words]);
    const { asked, answered, verdict, serialNumber } = lastView(out);
    expect([code, verdict, serialNumber]).toEqual([0, 'good', '84968362']);
    expect([asked, answered]).toEqual([4, 4]);
    expect(err).toMatch(/uses a little of its battery/);
    expect(err).not.toContain('\x07');
  });

  it('tells the echo of the head from a meter, and ends with exit code 3', async () => {
    const { words } = await servedMeter({}, 'echo', 'silence');
    const { code, out, err } = await runCli(['align', '--json', '--seconds', '1', ...words]);
    expect(lastView(out)).toMatchObject({ answered: 0, echoSeen: true, verdict: 'echo-only' });
    expect([code, err]).toEqual([3, expect.stringMatching(/the head is not in its place yet/)]);
  });

  it('draws a bar over itself on a terminal', async () => {
    const { words } = await servedMeter();
    const { out } = await alignUntil(drawnOver(2), [...PATIENT, ...words], { outTerminal: true });
    expect(out).toMatch(/█{40}/);
    expect(out).toMatch(/Answers +\d of \d in the last 10 s/);
    const heights = new Set(Array.from(out.matchAll(UP), ([, height]) => height));
    expect(heights.size).toBe(1);
  });

  it('writes a line in a pipe whenever there is something else to do', async () => {
    const { words } = await servedMeter({}, 'silence:1');
    const { out } = await alignUntil(lines(2), words);
    const [first, second] = out.split('\n');
    expect(first).toMatch(/^0 of 1 answers, no echo, .*Nothing comes back/);
    expect(second).toMatch(/answers of meter 84968362/);
  });

  it('rings at each answer for whoever stands at the meter', async () => {
    const { words } = await servedMeter();
    const { out, err } = await runCli(['align', '--json', '--bell', '--seconds', '1', ...PATIENT, ...words]);
    expect(err.split('\x07').length - 1).toBe(out.trim().split('\n').length);
  });

  it('ends when it is told to', async () => {
    const { words } = await servedMeter();
    const stop = new AbortController();
    const { code } = await runCli(['align', '--json', ...words], {
      signal: stop.signal,
      onOut: () => stop.abort(),
    });
    expect(code).toBe(0);
  });

  it('fails when the line goes away', async () => {
    const { words, simulator } = await servedMeter();
    const { code, err } = await runCli(['align', '--json', ...words], { onOut: () => simulator.unplug() });
    expect([code, err]).toEqual([1, expect.stringMatching(/went away/)]);
  });
});

describe('--wake-up preamble', () => {
  it('is refused by a port in the network, with the reason', async () => {
    const { words } = await servedMeter();
    const { code, err } = await runCli(['read', '--wake-up', 'preamble', ...words]);
    expect([code, err]).toEqual([2, expect.stringMatching(/a port in the network keeps its speed/)]);
  });
});
