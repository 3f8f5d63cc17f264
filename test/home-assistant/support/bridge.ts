import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { eventually } from '../../support/eventually.ts';
import { TOOL_PATH } from '../../support/has-tool.ts';
import { PROGRAM } from '../../support/program.ts';

export type Keys = Readonly<Record<string, unknown>>;

/** The built program with a configuration and a folder of its own, which it keeps from run to run. */
export class BridgeProcess {
  /** Everything that it said, in all its runs. */
  log = '';
  private readonly mosquitto: Mosquitto;
  private readonly folder = mkdtempSync(join(tmpdir(), 'bridge-'));
  private child: ChildProcess | undefined;

  constructor(mosquitto: Mosquitto) {
    this.mosquitto = mosquitto;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  start(keys: Keys): void {
    const { url, password } = this.mosquitto;
    const file = join(this.folder, 'config.json');
    const mqtt = { url, username: 'bridge', password };
    writeFileSync(file, JSON.stringify({ dataDir: this.dataDir, mqtt, ...keys }), { mode: 0o600 });
    const child = spawn(process.execPath, [PROGRAM, 'run', '--config', file], {
      env: { PATH: TOOL_PATH },
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer) => {
      this.log += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    this.child = child;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined) return;
    child.kill(signal);
    await eventually(() => child.exitCode !== null || child.signalCode !== null);
  }

  async restart(keys: Keys): Promise<void> {
    await this.stop();
    this.start(keys);
  }

  /** As a container without a volume does. */
  loseData(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
