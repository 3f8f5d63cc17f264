import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { program, type Run } from '../../support/program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The built program with the page, and a simulated meter that can be unplugged. */
export class BuiltHouse {
  readonly dataDir = temporaryFolder();
  private readonly line: number;
  private readonly port: number;
  private readonly web: Readonly<Record<string, unknown>>;

  private constructor(line: number, port: number, web: Readonly<Record<string, unknown>>) {
    this.line = line;
    this.port = port;
    this.web = web;
  }

  /** `web`: keys of the page beside its port. */
  static async at(web: Readonly<Record<string, unknown>> = {}): Promise<BuiltHouse> {
    return new BuiltHouse(await freePort(), await freePort(), web);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  plugIn(): Run {
    return program(['simulate', '--tcp', String(this.line), '--baud-rate', '9600']);
  }

  async start(): Promise<Run> {
    const { dataDir, line, port } = this;
    const file = join(dataDir, 'bridge.json');
    const meters = [{ name: 'House', port: `tcp://127.0.0.1:${line}`, baudRate: 9600 }];
    const csv = { enabled: true, directory: join(dataDir, 'csv') };
    const config = {
      dataDir,
      mqtt: { enabled: false },
      csv,
      meters,
      web: { enabled: true, port, ...this.web },
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    const run = program(['run', '--config', file]);
    await eventually(async () => {
      if (run.child.exitCode !== null) throw new Error(run.err + run.out);
      return fetch(`${this.url}healthz`).then(
        () => true,
        () => false,
      );
    });
    return run;
  }
}
