import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasTool } from '../../support/has-tool.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const BASE = 'docker.io/library/node:24-bookworm-slim';
/** Where no registry can be reached, a script beside the repository makes a stand-in for the official image. */
const STAND_IN = resolve(ROOT, '../shared/tools/container-base');

/** Milliseconds. A child that hangs would hold the whole test, whose own limit counts only between two of them. */
const LONGEST_STEP = 600_000;

interface ImageConfig {
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Volumes: Readonly<Record<string, unknown>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly User?: string;
}

/** Whether images can be built and run here; in CI they must be. */
export function canRunContainers(): boolean {
  const tools = ['buildah', 'runc'].filter((tool) => !hasTool(tool));
  const missing = process.getuid?.() === 0 ? tools : [...tools, 'root'];
  if (missing.length === 0) return true;
  if (process.env.CI) throw new Error(`The container test needs ${missing.join(', ')}`);
  process.stderr.write(`SKIPPED: the container test needs ${missing.join(', ')}\n`);
  return false;
}

/** The repository's Dockerfile, built; its files are here to be looked at and to be run. */
export class BuiltImage {
  readonly name: string;
  readonly config: ImageConfig;
  /** Where the files of the image are. Nobody writes there, so all containers share it. */
  readonly root: string;
  private readonly source: string;

  /** `context`: a folder with a Dockerfile. */
  constructor(name: string, context = ROOT) {
    this.name = name;
    const present = spawnSync('buildah', ['--storage-driver', 'vfs', 'inspect', '--type', 'image', BASE]);
    const standIn = present.status !== 0 && existsSync(STAND_IN);
    if (standIn)
      execFileSync(STAND_IN, [BASE], { stdio: ['ignore', 'inherit', 'inherit'], timeout: LONGEST_STEP });
    const pull = present.status === 0 || standIn ? ['--pull-never'] : [];
    // HEALTHCHECK is Docker's, not OCI's.
    buildah('bud', '--isolation', 'chroot', '--format', 'docker', ...pull, '-t', name, context);
    this.config = JSON.parse(buildah('inspect', '--type', 'image', name)).Docker.config;
    this.source = buildah('from', '--pull-never', name).trim();
    this.root = buildah('mount', this.source).trim();
  }

  /** Bytes that we put on top of the base image, as the store counts them. */
  get bytesOnTop(): number {
    return sizeOf(this.name) - sizeOf(BASE);
  }

  /** The command of HEALTHCHECK. */
  get healthCheck(): readonly string[] {
    return this.config.Healthcheck.Test.slice(1);
  }

  remove(): void {
    buildah('umount', this.source);
    buildah('rm', this.source);
    buildah('rmi', '--force', this.name);
  }
}

function buildah(...words: readonly string[]): string {
  return execFileSync('buildah', ['--storage-driver', 'vfs', ...words], {
    timeout: LONGEST_STEP,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function sizeOf(name: string): number {
  const [found] = JSON.parse(buildah('images', '--json', name)) as { readonly size: string }[];
  const [, figure, unit = 'MB'] = /^([\d.]+) (\w+)$/.exec(found?.size ?? '') ?? [];
  return Number(figure) * ({ KB: 1e3, MB: 1e6, GB: 1e9 }[unit] ?? Number.NaN);
}
