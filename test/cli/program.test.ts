import { describe, expect, it } from 'vitest';
import { endsInOrder } from '../../src/cli/orderly-commands.ts';
import { runCli } from '../support/run-cli.ts';

describe('program', () => {
  const COMMANDS = ['run', 'read', 'identify', 'probe', 'ports', 'decode', 'simulate', 'check', 'demo'];

  describe('the program', () => {
    it('shows its commands', async () => {
      const { code, out } = await runCli(['--help']);
      expect(code).toBe(0);
      for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    });

    it.each([[], ...COMMANDS.map((command) => [command])])('tells its version: %s', async (...words) => {
      const { code, out } = await runCli([...words, '--version']);
      expect([code, out]).toEqual([0, '1.2.3\n']);
    });

    it.each(COMMANDS)('explains %s', async (command) => {
      const { code, out } = await runCli([command, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: multical2mqtt ${command}`);
    });

    it.each([
      [['frobnicate'], /no command "frobnicate"/],
      [['raed'], /no command "raed"\. Did you mean read\? `multical2mqtt --help`/],
      [['simulat', '--tcp', '0'], /no command "simulat"\. Did you mean simulate\?/],
      [['ports', '--jsn'], /Did you mean --json\?/],
      [['run', 'read'], /no command "read"/],
      [['read', '--port', ' '], /must not be empty/],
      [['ports', '--frob'], /unknown option '--frob'/],
      [['read'], /only the example that came with config.json/],
      [['read', '65536', '--port', '/dev/null'], /from 0 to 65535/],
      [['read', 'energy', '--port', '/dev/null'], /'energy' is invalid/],
      [['identify', '--port', 'tcp://nowhere'], /tcp:\/\/host:port/],
      [['simulate'], /either --link PATH or --tcp PORT/],
      [['simulate', '--link', '/tmp/x', '--tcp', '0'], /either --link PATH or --tcp PORT/],
      [['simulate', '--tcp', '0', '--model', '66'], /no model "66".*403/],
      [['simulate', '--tcp', '0', '--fault', 'gremlins'], /no fault "gremlins".*checksum/],
      [['simulate', '--tcp', '0', '--clock-error', 'soon'], /whole number of minutes/],
      [['simulate', '--tcp', '0', '--condition', 'gloom'], /no condition "gloom".*air/],
      [['simulate', '--tcp', '0', '--condition', 'dry'], /knows no condition "dry".*air/],
      [['demo', '--cycles', '0'], /whole number/],
    ])('refuses %s with exit code 2, on standard error', async (words, complaint) => {
      const { code, out, err } = await runCli(words);
      expect(err).toMatch(complaint);
      expect([code, out]).toEqual([2, '']);
    });
  });
});

describe('orderly commands', () => {
  it.each([
    [true, ''],
    [true, 'run'],
    [true, '--config bridge.json'],
    [true, '-c bridge.json'],
    [true, 'demo --cycles 1'],
    [true, 'simulate --tcp 0'],
    [true, 'align --port COM1'],
    [true, 'read --watch --port COM1'],
    [false, 'read --watch --help'],
    [false, 'read --port COM1'],
    [false, 'probe -p COM1'],
    [false, '--help'],
    [false, 'run --help'],
    [false, '--version'],
  ])('is %s for "%s"', (expected, words) => {
    expect(endsInOrder(words.split(' ').filter(Boolean))).toBe(expected);
  });
});
