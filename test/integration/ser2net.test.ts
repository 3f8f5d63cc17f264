import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, program, run } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The recipe of docs/hardware.md, at another port and another device. */
function recipe(port: number, device: string): string {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/hardware.md'), 'utf8');
  const [, text = ''] = /```yaml\n(connection: [\s\S]*?)```/.exec(page) ?? [];
  return text.replace('tcp,2717', `tcp,127.0.0.1,${port}`).replace('/dev/serial/by-id/usb-...', device);
}

describe.skipIf(!hasTool('ser2net') || !hasTool('socat'))('a head behind ser2net', () => {
  it('is read through the network, and again after another program has taken its place', async () => {
    const folder = temporaryFolder();
    const device = join(folder, 'head');
    const port = await freePort();
    program(['simulate', '--link', device]);
    await eventually(() => existsSync(device));
    const file = join(folder, 'ser2net.yaml');
    writeFileSync(file, recipe(port, device));
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`127\\.0\\.0\\.1,${port}\n.*${device},1200n82`));
    const gateway = run('ser2net', ['-d', '-c', file]);
    const read = async () => {
      const reading = program(['read', '60', '--port', `tcp://127.0.0.1:${port}`]);
      return { code: await ended(reading), out: reading.out, err: reading.err };
    };
    let first = await read();
    // It may still be starting.
    for (let attempt = 0; attempt < 5 && first.code !== 0; attempt++) first = await read();
    expect([first.err, gateway.err]).toEqual(['', expect.any(String)]);
    expect(first.out).toMatch(/Heat energy +84\.817 +GJ/);
    expect((await read()).out).toMatch(/Heat energy +84\.817 +GJ/);
  });
});
