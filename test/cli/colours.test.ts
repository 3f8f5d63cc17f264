import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BOLD = '\x1b[1m';
const RED = '\x1b[31m';
const GREEN = '\x1b[32m';
const CYAN = '\x1b[36m';
/** A cell that is flush right. */
const VALUE = String.raw`\x1b\[36m *\S+\x1b\[39m`;
const PORTS = [{ path: '/dev/ttyS0', stablePath: null, maker: null, serialNumber: null }];

const onTerminal = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runCli(words, { terminal: true, outTerminal: true, ports: PORTS, environment });
const inPipe = (words: readonly string[]) => runCli(words, { ports: PORTS });

function configuration(port: string): string {
  const file = JSON.stringify({
    meters: [{ name: 'Heat', port }],
    mqtt: { url: 'mqtt://127.0.0.1:1' },
  });
  return `${temporaryFolder({ 'c.json': file })}/c.json`;
}

describe('colours', () => {
  it('are on a terminal, and the text is that of a pipe', async () => {
    const { words } = await servedMeter();
    for (const command of [['ports'], ['read', '60', '68', ...words]]) {
      const shown = await onTerminal(command);
      expect(shown.out).toContain(BOLD);
      const piped = await inPipe(command);
      expect(stripVTControlCharacters(shown.out).split('\n')[0]).toBe(piped.out.split('\n')[0]);
      expect(piped.out).not.toContain('\x1b');
    }
    expect((await onTerminal(['read', '60', ...words])).out).toMatch(new RegExp(`${VALUE}  GJ`));
  });

  it('tell what is right from what is wrong', async () => {
    const { port } = await servedMeter();
    expect((await onTerminal(['check', '--config', configuration(port)])).out).toContain(`${GREEN}ready`);
    const faulty = await onTerminal(['check', '--config', configuration('')]);
    expect(faulty.out).toContain(`${RED}Fault:`);
    expect(faulty.out).toContain(`${RED}1 fault`);
    expect((await onTerminal(['chekc'])).err).toContain(`${RED}There is no command`);
    expect((await onTerminal(['check', '--konnect'])).err).toContain(`${RED}error: unknown option`);
  });

  it.each([
    [['--no-color']],
    [['--no-color', 'ports']],
    [['ports', '--no-color']],
  ])('%s leaves them out', async (words) => {
    const { out, err } = await onTerminal(words.length === 1 ? ['chekc', ...words] : words);
    expect(`${out}${err}`).not.toContain('\x1b');
  });

  it('are none where the environment says so, and in a pipe to what shows them', async () => {
    expect((await onTerminal(['ports'], { NO_COLOR: '1' })).out).not.toContain('\x1b');
    expect((await onTerminal(['ports', '--no-color'], { FORCE_COLOR: '1' })).out).not.toContain('\x1b');
    expect((await runCli(['ports'], { ports: PORTS, environment: { FORCE_COLOR: '1' } })).out).toContain(
      BOLD,
    );
  });

  it('never stand in what is for programs', async () => {
    const { words } = await servedMeter();
    for (const format of ['json', 'csv', 'influx'])
      expect((await onTerminal(['read', '60', '--format', format, ...words])).out).not.toContain('\x1b');
    expect((await onTerminal(['read', '60', ...words])).out).toContain(CYAN);
  });
});
