import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import type { BuiltImage } from './image.ts';

export interface ContainerOptions {
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `uid:gid` from the start and no capabilities, as `user:` and `cap_drop:` in a compose file make it. */
  readonly user?: { readonly uid: number; readonly gid: number; readonly additionalGids: readonly number[] };
  /** Put into /data before the start, readable for root only. */
  readonly options?: unknown;
}

/** What Docker leaves to root in a container. */
const DOCKER_CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
].map((name) => `CAP_${name}`);

/** A container of an image, run by runc with a root file system that cannot be written, in the network of this machine. */
export class Container {
  readonly data: string;
  err = '';
  out = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'container-'));
  private readonly id = `multical2mqtt-${process.pid}-${Date.now()}`;
  private readonly child: ChildProcess;

  constructor(image: BuiltImage, options: ContainerOptions = {}) {
    this.data = join(this.folder, 'data');
    mkdirSync(this.data);
    if (options.options !== undefined) {
      writeFileSync(join(this.data, 'options.json'), JSON.stringify(options.options), { mode: 0o600 });
    }
    const { user } = options;
    if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, this.data]);
    writeFileSync(join(this.folder, 'config.json'), JSON.stringify(this.bundle(image, options)));
    this.child = spawn('runc', [...this.store, 'run', '--bundle', this.folder, this.id]);
    this.child.stdout?.on('data', (chunk) => {
      this.out += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.err += chunk;
    });
    onTestFinished(async () => {
      spawnSync('runc', [...this.store, 'kill', this.id, 'KILL']);
      await this.ended();
      spawnSync('runc', [...this.store, 'delete', '--force', this.id]);
      rmSync(this.folder, { recursive: true });
    });
  }

  /** Of process 1, as this machine sees it: `/proc/PID/status` by its keys. */
  get process(): Readonly<Record<string, string>> {
    const { pid } = JSON.parse(execFileSync('runc', [...this.store, 'state', this.id], { encoding: 'utf8' }));
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(/:\s+/, 2)));
  }

  /** Runs a command in the container, as its root. */
  exec(...words: readonly string[]): { code: number | null; text: string } {
    const { status, stdout, stderr } = spawnSync('runc', [...this.store, 'exec', this.id, ...words], {
      encoding: 'utf8',
    });
    return { code: status, text: `${stdout}${stderr}` };
  }

  signal(name: string): void {
    execFileSync('runc', [...this.store, 'kill', this.id, name]);
  }

  async ended(): Promise<number | null> {
    await eventually(() => this.child.exitCode !== null || this.child.signalCode !== null, 20_000);
    return this.child.exitCode;
  }

  private get store(): readonly string[] {
    return ['--root', join(this.folder, 'runc')];
  }

  private bundle({ root, config }: BuiltImage, options: ContainerOptions): object {
    const { words = [], environment = {}, user } = options;
    const capabilities = user === undefined ? DOCKER_CAPABILITIES : [];
    const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const tmpfs = (destination: string, ...more: readonly string[]) => ({
      destination,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'noexec', ...more],
    });
    return {
      ociVersion: '1.0.2',
      process: {
        user: user ?? { uid: 0, gid: 0 },
        args: [...config.Entrypoint, ...words],
        env: [...config.Env, ...env],
        cwd: config.WorkingDir,
        noNewPrivileges: true,
        capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      },
      root: { path: root, readonly: true },
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        tmpfs('/dev', 'mode=755'),
        { destination: '/data', type: 'bind', source: this.data, options: ['bind', 'rw'] },
      ],
      linux: { namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
    };
  }
}
