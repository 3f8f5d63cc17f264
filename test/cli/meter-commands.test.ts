import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { MODELS } from '../../src/simulator/models/models.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('read', () => {
  it('prints the quantities that a person looks for, as a table', async () => {
    const { words } = await servedMeter();
    const { code, out, err } = await runCli(['read', ...words]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Heat energy +84\.817 +GJ +60$/m);
    expect(out).toMatch(/^Flow temperature +\d+\.\d\d +°C +86$/m);
  });

  it('prints JSON with exact values and the time of the reading', async () => {
    const { words } = await servedMeter({ model: '601' });
    const { out } = await runCli(['read', '60', '0x44', '--json', ...words]);
    const { meter, readAt, readings } = JSON.parse(out);
    expect(meter).toMatchObject({ model: 'MULTICAL 601', type: 1, softwareRevision: 'G1' });
    expect(meter.serialNumber).toMatch(/^\d+$/);
    expect(readAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
    expect(readings).toEqual({
      heat_energy: { value: expect.stringMatching(/^\d+\.\d+$/), unit: expect.any(String), register: 60 },
      volume: { value: expect.stringMatching(/^\d+\.\d+$/), unit: 'm³', register: 68 },
    });
  });

  it('takes registers by name, and a list with commas', async () => {
    const { words } = await servedMeter();
    const { code, out } = await runCli(['read', 'heat_energy,86', 'flow', '--json', ...words]);
    expect([code, Object.keys(JSON.parse(out).readings)]).toEqual([
      0,
      ['heat_energy', 'flow_temperature', 'flow'],
    ]);
    const wrong = await runCli(['read', 'heat_enrgy', ...words]);
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    expect(wrong.err).toMatch(/no register "heat_enrgy"\. Did you mean "heat_energy"\?/);
  });

  it('takes a port in the form of another program, or says what to set on the gateway', async () => {
    const { port, words } = await servedMeter();
    const [, , ...speed] = words;
    for (const form of [port.replace('tcp:', 'socket:'), port.replace('tcp://', '')])
      expect(await runCli(['read', '60', '--port', form, ...speed])).toMatchObject({ code: 0, err: '' });
    const { code, err } = await runCli(['read', '--port', port.replace('tcp:', 'rfc2217:')]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/is invalid\. "rfc2217:.*behind telnet.*8N2.*write "tcp:/),
    ]);
  });

  it('says which registers the meter does not have', async () => {
    const { words } = await servedMeter();
    const { code, err } = await runCli(['read', '60', '155', ...words]);
    expect([code, err]).toEqual([0, 'The meter does not have register 155.\n']);
  });

  it('fails with exit code 1 when it has none of them', async () => {
    const { words } = await servedMeter();
    const { code, out, err } = await runCli(['read', '155', ...words]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/none of the registers 155/);
  });

  it('names the pass code where an electricity meter answers, but tells nothing', async () => {
    const none = MODELS['382'].registers.map(([id]): [number, null] => [id, null]);
    const { words } = await servedMeter({ model: '382', registers: Object.fromEntries(none) });
    const { code, err } = await runCli(['read', ...words]);
    expect(code).toBe(1);
    for (const text of [
      err,
      (await runCli(['identify', ...words])).out,
      (await runCli(['probe', '--data-dir', temporaryFolder(), ...words])).out,
    ])
      expect(text).toMatch(/382M may want a pass code/);
  });

  it('tells electricity meters that are read from those that never answer', async () => {
    const { words } = await servedMeter({ model: '382' });
    const { out } = await runCli(['identify', ...words]);
    expect(out).toMatch(/^eye .*382C.*382Lx7.*never answer.*382M.*pass code/m);
    expect(out).not.toMatch(/none is ever sent/);
  });

  it('fails with exit code 3 and the reason when the meter does not answer', async () => {
    const { words } = await servedMeter({}, 'silence');
    // Three tries of 1.6 s, and as much silence between them.
    const { code, out, err } = await runCli(['read', '--timeout-allowance', '0', ...words]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/did not answer 3 requests\. Nothing at all was received.*382C.*never answer/);
  });

  it('fails with exit code 1 when there is no such port', async () => {
    const { code, err } = await runCli(['read', '--port', '/dev/there-is-none']);
    expect([code, err]).toEqual([1, expect.stringMatching(/no such port.*multical2mqtt ports/)]);
  });

  it('shows every byte when it is asked to', async () => {
    const { words } = await servedMeter();
    const { err } = await runCli(['read', '60', '--verbose', ...words]);
    expect(err).toContain('803F1001003CB25F0D');
  });
});

describe('identify', () => {
  it('says who the meter is, and what it cannot tell', async () => {
    const { words } = await servedMeter();
    const { code, out } = await runCli(['identify', ...words]);
    expect(code).toBe(0);
    expect(out).toMatch(/serial number +84968362/);
    expect(out).toMatch(/^model +MULTICAL 403 \(by its software edition\)$/m);
    expect(out).toMatch(/^how sure +likely$/m);
    expect(out).toMatch(/^kind +heat$/m);
    expect(out).toMatch(/^eye +.*magnet/m);
    expect(out).toMatch(/customer number +11223344/);
  });

  it('says it as JSON', async () => {
    const { words } = await servedMeter();
    const { out } = await runCli(['identify', '--json', ...words]);
    expect(JSON.parse(out)).toMatchObject({
      meter: {
        serialNumber: '84968362',
        model: 'MULTICAL 403',
        certainty: 'likely',
        why: 'by its software edition',
        kind: 'heat',
        eye: [expect.stringContaining('magnet')],
        customerNumber: '11223344',
      },
    });
  });

  it.each([
    ['402', 'MULTICAL 402', 'likely', 'heat'],
    ['62', 'MULTICAL 62', 'likely', 'water'],
    ['21', 'MULTICAL 21, flowIQ 21xx, 22xx or 31xx', 'possible', 'water'],
    ['803', 'MULTICAL 303, 403, 603 or 803', 'possible', 'heat'],
    ['351', 'Kamstrup 351B', 'certain', 'electricity'],
  ] as const)('tells a %s, by one request more at most', async (name, model, certainty, kind) => {
    const { words, simulator } = await servedMeter({ model: name });
    const { out } = await runCli(['identify', '--json', ...words]);
    expect(JSON.parse(out).meter).toMatchObject({ model, certainty, kind });
    const { requested } = simulator.statistics;
    expect(requested.length).toBeLessThanOrEqual(3);
    if (certainty === 'certain') expect(requested).toHaveLength(2);
  });

  it('says what to know of the eye of each family that it may be', async () => {
    const { words } = await servedMeter({ model: '303' });
    const { out } = await runCli(['identify', ...words]);
    expect(out).toMatch(/^eye +The eye of a MULTICAL 303 works for four minutes/m);
    expect(out).toMatch(/^eye +The eye of a MULTICAL 403, 603 or 803 needs a magnet/m);
  });

  it('says that it cannot tell, and why', async () => {
    const all = Object.fromEntries([1005, 254, 404, 348, 369, 266, 86, 68].map((id) => [id, null]));
    const { words } = await servedMeter({ registers: all });
    const { out } = await runCli(['identify', ...words]);
    expect(out).toMatch(/^model +unknown: nothing that it answered tells its model$/m);
    expect(out).toMatch(/^kind +unknown$/m);
    expect(out).not.toMatch(/^eye/m);
  });
});

describe('probe', () => {
  it('finds every register that the meter has, and tells the bridge', async () => {
    const { words, simulator, port } = await servedMeter();
    const dataDir = temporaryFolder();
    const { code, out, err } = await runCli(['probe', '--json', '--data-dir', dataDir, ...words]);
    expect(code).toBe(0);
    const { readings, absent, silent } = JSON.parse(out);
    const has = simulator.meters[0]?.model.registers.map(([id]) => id) ?? [];
    const found = Object.values(readings).map((reading) => (reading as { register: number }).register);
    expect(found.sort((a, b) => a - b)).toEqual([...has].sort((a, b) => a - b));
    expect(absent).toContain(155);
    expect(silent).toEqual([]);
    const memory = new StoredMeterMemory(new StateStore(dataDir, new CollectingLogger()));
    expect(memory.recall('84968362')).toMatchObject({ port, absent, serialNumber: '84968362' });
    expect(err).toBe('');
  });

  it('shows on a terminal how far it is', async () => {
    const { words } = await servedMeter();
    const { out, err } = await runCli(['probe', '--data-dir', temporaryFolder(), ...words], {
      terminal: true,
    });
    expect(err).toMatch(/\r8 of \d+ registers asked, the meter has \d/);
    expect(out).toMatch(/The meter has \d+ of \d+ known registers/);
  });

  it('finds the dataDir in the configuration', async () => {
    const { words } = await servedMeter();
    const folder = temporaryFolder();
    const file = join(
      temporaryFolder({ 'bridge.json': JSON.stringify({ meters: [{ port: 'COM1' }], dataDir: folder }) }),
      'bridge.json',
    );
    const { err } = await runCli(['probe', '--config', file, ...words]);
    expect(err).toContain(`written to ${folder}`);
  });

  it('says what is wrong with the configuration that it was given, before it asks the meter', async () => {
    const { words, simulator } = await servedMeter();
    const { code } = await runCli(['probe', '--config', '/there/is/none.json', ...words]);
    expect([code, simulator.statistics.requests]).toEqual([2, 0]);
  });
});
