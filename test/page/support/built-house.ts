import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { program, type Run } from '../../support/program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Keys = Readonly<Record<string, unknown>>;

/** The built program with the page, and a simulated meter that can be unplugged. */
export class BuiltHouse {
  readonly dataDir = temporaryFolder();
  private readonly line: number;
  private readonly port: number;
  private readonly keys: Keys;

  private constructor(line: number, port: number, keys: Keys) {
    this.line = line;
    this.port = port;
    this.keys = keys;
  }

  /** `web`: keys of the page beside its port. `others`: of the configuration, in place of ours. */
  static async at(web: Keys = {}, others: Keys = {}): Promise<BuiltHouse> {
    const port = await freePort();
    return new BuiltHouse(await freePort(), port, { web: { enabled: true, port, ...web }, ...others });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** Where the meter answers, without its scheme. */
  get gateway(): string {
    return `127.0.0.1:${this.line}`;
  }

  /** By 9600 bits a second things take less time; a meter that was never asked is asked by 1200. */
  plugIn(baudRate = 9600): Run {
    return program(['simulate', '--tcp', String(this.line), '--baud-rate', String(baudRate)]);
  }

  async start(): Promise<Run> {
    const { dataDir, line } = this;
    const file = join(dataDir, 'bridge.json');
    const meters = [{ name: 'House', port: `tcp://127.0.0.1:${line}`, baudRate: 9600 }];
    const csv = { enabled: true, directory: join(dataDir, 'csv') };
    const config = {
      dataDir,
      mqtt: { enabled: false },
      csv,
      meters,
      ...this.keys,
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
