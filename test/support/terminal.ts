import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';
import { TOOL_PATH } from './has-tool.ts';
import { PROGRAM } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const DOWN = '\x1b[B';
export const ENTER = '\r';
export const CTRL_C = '\x03';

interface TerminalOptions {
  /** The program is started there. */
  readonly directory: string;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built program on a pseudo-terminal, until the test ends. Needs socat. */
export class Terminal {
  /** As it came, with what moves the cursor. */
  raw = '';
  /** Keys that were pressed. */
  keys = 0;
  private readonly child: ChildProcess;
  /** What was waited for ends there. */
  private seen = 0;

  constructor(words: readonly string[], { directory, columns = 60, environment = {} }: TerminalOptions) {
    const script = join(temporaryFolder(), 'session');
    const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
    // Ctrl+C is for the program; the shell has to live on to tell how it ended.
    writeFileSync(
      script,
      `#!/bin/sh\nstty cols ${columns} rows 50\ntrap : INT\n${command}\necho "[exit $?]"\n`,
    );
    chmodSync(script, 0o755);
    const env = { PATH: TOOL_PATH, TERM: 'xterm', HOME: directory, ...environment };
    this.child = spawn('socat', ['-', `EXEC:${script},pty,setsid,ctty,stderr`], { cwd: directory, env });
    onTestFinished(() => void this.child.kill('SIGKILL'));
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.on('data', (chunk) => {
      this.raw += chunk;
    });
  }

  /** What a person has read so far. */
  get text(): string {
    return stripVTControlCharacters(this.raw).replaceAll('\r', '');
  }

  /** Waits for words behind those that were waited for before. They may be folded. */
  async sees(words: string): Promise<void> {
    const pattern = new RegExp(words.split(' ').map(escaped).join('[\\s│]+'), 'g');
    await eventually(() => {
      pattern.lastIndex = this.seen;
      if (pattern.exec(this.text) === null) return false;
      this.seen = pattern.lastIndex;
      return true;
    }).catch(() => {
      throw new Error(`"${words}" is not to be seen in:\n${this.text}`);
    });
  }

  types(keys: string): void {
    this.keys += keys.split(DOWN).reduce((sum, part) => sum + part.length, keys.split(DOWN).length - 1);
    this.child.stdin?.write(keys);
  }

  /** Waits for a question and answers it. */
  async answers(question: string, keys: string): Promise<void> {
    await this.sees(question);
    this.types(keys);
  }

  async ends(): Promise<number> {
    const code = await eventually(() => /\[exit (\d+)\]/.exec(this.text)?.[1]);
    return Number(code);
  }
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
