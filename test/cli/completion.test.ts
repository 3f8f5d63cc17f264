import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasTool } from '../support/has-tool.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function scriptFor(shell: string): Promise<string> {
  const { code, out, err } = await runCli(['completion', shell]);
  expect([code, err]).toEqual([0, '']);
  return out;
}

/** What somebody is offered who typed so much and presses Tab. */
type Offer = (line: string) => Promise<readonly string[]>;

const inBash: Offer = async (line) => {
  const words = line.split(' ').map((word) => `'${word}'`);
  const asked = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
_multical2mqtt; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return offered('bash', ['--norc', '-c', `${await scriptFor('bash')}\n${asked}`]);
};

const inFish: Offer = async (line) => {
  const asked = `complete -C '${line}'`;
  return offered('fish', ['--no-config', '-c', `${await scriptFor('fish')}\n${asked}`]);
};

/** Its completion works within its line editor alone; what it would add is told by a stand-in. */
const inZsh: Offer = async (line) => {
  const words = line.split(' ').map((word) => `'${word}'`);
  const asked = `words=(${words.join(' ')}); CURRENT=${words.length}; cur=$words[CURRENT]; _multical2mqtt`;
  const standIns = `compdef() { : }
compadd() { shift; for each in "$@"; do [[ $each == $words[CURRENT]* ]] && print -r -- $each; done; true }
_files() { print -rl -- $words[CURRENT]*(N) }`;
  return offered('zsh', ['-f', '-c', `${standIns}\n${await scriptFor('zsh')}\n${asked}`]);
};

function offered(shell: string, words: readonly string[]): readonly string[] {
  const cwd = temporaryFolder({ 'bridge.json': '{}' });
  const out = execFileSync(shell, words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, HOME: join(cwd, 'home') },
  });
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t')[0] ?? '')
    .sort();
}

describe.each([
  ['bash', inBash],
  ['fish', inFish],
  ['zsh', inZsh],
] as const)('completion in %s', (shell, offer) => {
  it.skipIf(!hasTool(shell)).each([
    ['multical2mqtt si', ['simulate']],
    ['multical2mqtt simulate --mod', ['--model']],
    ['multical2mqtt simulate --model flowiq-2', ['flowiq-21xx', 'flowiq-22xx']],
    ['multical2mqtt simulate --tcp 0 --fault che', ['checksum']],
    ['multical2mqtt simulate --condition ai', ['air']],
    ['multical2mqtt run --schedule ke', ['keep-awake']],
    ['multical2mqtt --schedule sa', ['saver']],
    ['multical2mqtt --log-level d', ['debug']],
    ['multical2mqtt read --format cs', ['csv']],
    ['multical2mqtt check --config br', ['bridge.json']],
    ['multical2mqtt completion z', ['zsh']],
    ['multical2mqtt simulate --tcp 4', []],
  ])('offers after "%s" %s', async (line, expected) => {
    expect(await offer(line)).toEqual(expected);
  });
});

it('knows no other shell', async () => {
  const { code, err } = await runCli(['completion', 'csh']);
  expect([code, err]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
});
