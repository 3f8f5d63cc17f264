import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { hasTool, TOOL_PATH } from '../../support/has-tool.ts';

export function hasNats(): boolean {
  return hasTool('nats-server');
}

/** NATS servers with an MQTT port each, which hold what is retained together. One of them may go, not two. */
export class NatsCluster {
  readonly urls: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'nats-'));
  private readonly children: ChildProcess[] = [];

  async start(): Promise<this> {
    const [clients, mqtt, routes] = [await threePorts(), await threePorts(), await threePorts()];
    const all = routes.map((port) => `"nats-route://127.0.0.1:${port}"`).join(', ');
    for (const [each, port] of mqtt.entries()) {
      const config = join(this.folder, `${each}.conf`);
      const lines = [
        `server_name: node${each}`,
        `listen: "127.0.0.1:${clients[each]}"`,
        `jetstream { store_dir: "${join(this.folder, `stored${each}`)}", max_mem: 64M, max_file: 256M }`,
        `mqtt { listen: "127.0.0.1:${port}" }`,
        `cluster { name: heat, listen: "127.0.0.1:${routes[each]}", routes: [${all}] }`,
      ];
      writeFileSync(config, lines.join('\n'));
      const env = { ...process.env, PATH: TOOL_PATH };
      this.children.push(spawn('nats-server', ['-c', config], { env, stdio: 'ignore' }));
      this.urls.push(`mqtt://127.0.0.1:${port}`);
    }
    // Nobody is let in until they have chosen a leader, nor heard before they listen.
    for (const url of this.urls) await eventually(() => isLetIn(url));
    return this;
  }

  /** Without a word to anybody. */
  crash(node: number): void {
    this.children[node]?.kill('SIGKILL');
  }

  async remove(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await eventually(() => this.children.every(({ exitCode, signalCode }) => exitCode ?? signalCode));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isLetIn(url: string): Promise<boolean> {
  return connectAsync(url, { reconnectPeriod: 0, connectTimeout: 1_000 }, false).then(
    async (client) => {
      await client.endAsync(true);
      return true;
    },
    () => false,
  );
}

async function threePorts(): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort());
  return [...ports];
}
