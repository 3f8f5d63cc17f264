import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { METER_MODEL_NAMES } from '../../src/catalogue/family.ts';
import { seededRandom } from '../../src/cli/commands/simulate.ts';
import { hasTool } from '../support/has-tool.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('other commands', () => {
  describe('check', () => {
    const config = (port: string): string =>
      JSON.stringify({ meters: [{ port }], mqtt: { password: 'hunter22' } });

    it('says which file it took, and that it is ready', async () => {
      const file = join(temporaryFolder({ 'bridge.json': config('tcp://127.0.0.1:1') }), 'bridge.json');
      const { code, out, err } = await runCli(['check', '--config', file]);
      expect([code, out, err]).toEqual([0, `Configuration: ${file} (--config)\nready\n`, '']);
    });

    it('prints the effective configuration without secrets where that is asked for', async () => {
      const { port } = await servedMeter();
      const file = join(temporaryFolder({ 'bridge.json': config(port) }), 'bridge.json');
      const { code, out, err } = await runCli(['check', '--print', '--config', file]);
      expect([code, err]).toEqual([0, `Configuration: ${file} (--config)\nready\n`]);
      expect(JSON.parse(out)).toMatchObject({
        meters: [{ port, schedule: '0 * * * *' }],
        mqtt: { baseTopic: 'multical2mqtt' },
      });
      expect(out).not.toContain('hunter22');
    });

    it.each([
      'utf-16le',
      'utf-16be',
    ] as const)('reads a file that Windows has written in %s', async (encoding) => {
      const bytes = Buffer.from(`\ufeff${config('tcp://127.0.0.1:1')}`, 'utf16le');
      const file = join(temporaryFolder(), 'bridge.json');
      writeFileSync(file, encoding === 'utf-16le' ? bytes : bytes.swap16());
      const { code, out } = await runCli(['check', '--config', file]);
      expect([code, out]).toEqual([0, `Configuration: ${file} (--config)\nready\n`]);
    });

    it('only advises on a port that is not there now', async () => {
      const file = join(temporaryFolder({ 'bridge.json': config('/dev/there-is-none') }), 'bridge.json');
      const { code, out } = await runCli(['check', '--config', file]);
      expect(code).toBe(0);
      expect(out).toMatch(/^Advice: .*there-is-none.*will wait for it.*\nready, 1 advice\n$/m);
    });

    it('gives advice on what is without fault, beside the faults of the rest', async () => {
      const meters = [{ name: 'Live', port: 'COM3', schedule: 'balanced' }, { port: '/dev/usb-REPLACE-ME' }];
      const file = join(temporaryFolder({ 'bridge.json': JSON.stringify({ meters }) }), 'bridge.json');
      const { code, out, err } = await runCli(['check', '--print', '--config', file]);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(
        /^Fault: meters\[1\]\.port: .*only the example.*\nAdvice: Live: .*readings a day.*\n1 fault, 1 advice\n$/m,
      );
    });

    it('says everything that is wrong at once, with exit code 2', async () => {
      const wrong = {
        meters: [{ port: 'nowhere', schedule: 'often' }],
        mqtt: { password: 'hunter22', protocolVersion: 7 },
        log: { level: 'loud' },
      };
      const file = join(temporaryFolder({ 'bridge.json': JSON.stringify(wrong) }), 'bridge.json');
      const { code, out, err } = await runCli(['check', '--config', file]);
      expect([code, err]).toEqual([2, '']);
      for (const key of ['meters[0].port', 'meters[0].schedule', 'mqtt.protocolVersion', 'log.level'])
        expect(out).toContain(`Fault: ${key}`);
      expect(out).toMatch(/\n4 faults\n$/);
      expect(out).not.toContain('hunter22');
    });
  });

  describe('ports', () => {
    const head = {
      path: '/dev/ttyUSB0',
      stablePath: '/dev/serial/by-id/usb-FTDI_A1',
      maker: 'FTDI',
      serialNumber: 'A1',
    };

    it('lists what there is', async () => {
      const { code, out, err } = await runCli(['ports'], { ports: [head] });
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^port +also called.*\n\/dev\/serial\/by-id\/usb-FTDI_A1 +\/dev\/ttyUSB0 .*FTDI/);
    });

    it('says what to do where there is none', async () => {
      const { code, out, err } = await runCli(['ports'], { ports: [] });
      expect([code, out]).toEqual([0, '']);
      expect(err).toMatch(/no serial port on this machine.*Plug in the optical head.*--device.*tcp:\/\//s);
    });

    it.each([[[]], [[head]]])('lists them as JSON: %j', async (ports) => {
      const { code, out, err } = await runCli(['ports', '--json'], { ports });
      expect([code, JSON.parse(out), err]).toEqual([0, ports, '']);
    });

    it('are those of this machine unless others are handed in', async () => {
      const { code, out } = await runCli(['ports', '--json']);
      expect([code, JSON.parse(out)]).toEqual([0, expect.any(Array)]);
    });
  });

  describe('simulate', () => {
    async function simulated(...words: string[]): Promise<{ port: string; end: () => Promise<number> }> {
      const stopping = new AbortController();
      let announce: (port: string) => void = () => {};
      const announced = new Promise<string>((resolve) => {
        announce = resolve;
      });
      const run = runCli(['simulate', '--baud-rate', '115200', ...words], {
        signal: stopping.signal,
        onOut: (text) => announce(/ is at (\S+)$/m.exec(text)?.[1] ?? ''),
      });
      return {
        port: await announced,
        async end() {
          stopping.abort();
          return (await run).code;
        },
      };
    }

    it('serves a meter over TCP until it is told to end', async () => {
      const { port, end } = await simulated(
        '--tcp',
        '0',
        '--model',
        '603',
        '--serial',
        '12345678',
        '--fault',
        'checksum:1',
        '--seed',
        '7',
        '--condition',
        'low-battery',
        '--clock-error',
        '-600',
      );
      const read = await runCli(['read', '--json', '--port', port, '--baud-rate', '115200']);
      const { meter, readings } = JSON.parse(read.out);
      expect(meter.serialNumber).toBe('12345678');
      expect(readings.info_bits).toMatchObject({ value: '2' });
      const late = Date.now() - Date.parse(`${readings.date.value}T${readings.clock.value}`);
      expect(late / 60_000).toBeGreaterThan(599);
      expect(await end()).toBe(0);
    });

    it('names all that it can be, every family among them', async () => {
      const { out } = await runCli(['simulate', '--help']);
      const listed = out.replace(/\s+/g, ' ');
      for (const name of [...METER_MODEL_NAMES, '403-mwh', '603-gcal', '21-litres'])
        expect(listed).toMatch(new RegExp(`[ ,]${name}[, ]`));
    });

    it('knows no other model', async () => {
      const { code, err } = await runCli(['simulate', '--tcp', '0', '--model', '404']);
      expect([code, err]).toEqual([2, expect.stringMatching(/no model "404"\. Models are: .*kwm2231/)]);
    });

    it.skipIf(!hasTool('socat'))(
      'serves a meter on a pseudo-terminal, and takes it away at the end',
      async () => {
        const link = join(temporaryFolder(), 'meter');
        const { port, end } = await simulated('--link', link);
        expect(port).toBe(link);
        const { code, out } = await runCli(['read', '60', '--port', link, '--baud-rate', '115200']);
        expect([code, out]).toEqual([0, expect.stringContaining('84.817')]);
        expect(await end()).toBe(0);
        expect(existsSync(link)).toBe(false);
      },
    );
  });
});

describe('seeded random', () => {
  it('the same seed gives the same numbers, each from 0 to below 1', () => {
    const numbers = (seed: number): number[] => Array.from({ length: 1000 }, seededRandom(seed));
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(7)).not.toEqual(numbers(8));
    expect(numbers(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });
});
