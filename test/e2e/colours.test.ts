import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, PROGRAM, program, type Run, run } from '../support/program.ts';
import { silentPort } from '../support/silent-port.ts';

const GREEN = '\x1b[32minfo';
const started = ({ out, err }: Run): boolean => `${out}${err}`.includes('meters: Heat');

async function words(): Promise<readonly string[]> {
  return ['run', '--name', 'Heat', '--port', (await silentPort()).port];
}

it.skipIf(!hasTool('socat'))('the log has colours on a pseudo-terminal', async () => {
  const command = [process.execPath, PROGRAM, ...(await words())].join(' ').replaceAll(':', '\\:');
  const shown = run('socat', ['-', `EXEC:${command},pty,setsid,ctty,stderr`], {
    MQTT_URL: 'mqtt://127.0.0.1:1',
  });
  await eventually(() => started(shown));
  expect(shown.out).toContain(GREEN);
  shown.child.kill('SIGTERM');
  await ended(shown);
});

it('the log has none in a pipe', async () => {
  const piped = program(await words(), { MQTT_URL: 'mqtt://127.0.0.1:1' });
  await eventually(() => started(piped));
  expect(piped.err).not.toContain('\x1b');
  piped.child.kill('SIGTERM');
  await ended(piped);
});
