import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/shared/clock.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { servePty } from '../../src/simulator/pty-server.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, program } from '../support/program.ts';
import { type ServedMeter, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CTRL_C, DOWN, ENTER, Terminal } from '../support/terminal.ts';

const PASSWORD = 'hunter2-s3cret';

async function world(): Promise<{ meter: ServedMeter; broker: TestBroker; directory: string; path: string }> {
  const meter = await servedMeter({ baudRate: 1200 });
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  broker.credentials = { username: 'heat', password: PASSWORD };
  const directory = temporaryFolder();
  return { meter, broker, directory, path: join(directory, 'multical2mqtt.json') };
}

function written(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Everything about a meter on a gateway, up to the broker. */
async function answerForMeter(terminal: Terminal, port: string): Promise<void> {
  await terminal.answers('Where is the optical head?', '');
  // Serial ports of the machine, if it has some, stand before it.
  for (let at = 0; at < 20 && !/● On a gateway/.test(terminal.text.slice(-2_000)); at++) {
    terminal.types(DOWN);
    await terminal.sees('●');
  }
  terminal.types(ENTER);
  await terminal.answers('Host and port of the gateway', `${port.replace('tcp://', '')}${ENTER}`);
  await terminal.sees('It answers: MULTICAL 403, serial number 84968362.');
  await terminal.answers('What do you call this meter?', `House${ENTER}`);
  await terminal.answers('What does it run on?', ENTER);
  await terminal.answers('How often is it to be read?', ENTER);
  await terminal.sees('25 readings a day');
}

async function nameBroker(terminal: Terminal, url: string): Promise<void> {
  await terminal.sees('Which MQTT broker is to have the values?');
  await terminal.sees('None');
  for (let at = 0; at < 20 && !/● Another one/.test(terminal.text.slice(-400)); at++) {
    terminal.types(DOWN);
    await terminal.sees('●');
  }
  terminal.types(ENTER);
  await terminal.answers('Its address', `${url}${ENTER}`);
}

const CONFIGURED = {
  language: 'da',
  meters: [
    { name: 'House', port: 'tcp://127.0.0.1:1', schedule: '7 * * * *', gasEquivalent: 28 },
    { name: 'Cabin', port: 'tcp://127.0.0.1:2' },
  ],
  mqtt: { url: 'mqtt://localhost:1883', username: 'heat', password: PASSWORD, baseTopic: 'mine' },
};

describe.skipIf(!hasTool('socat'))('setup on a terminal', () => {
  it('goes from nothing to the first values, and lets a wrong password be corrected', async () => {
    const { meter, broker, directory, path } = await world();
    const terminal = new Terminal(['setup', '--no-service'], { directory, environment: { NO_COLOR: '1' } });
    await answerForMeter(terminal, meter.port);
    await nameBroker(terminal, broker.url);
    await terminal.answers('User name at', `heat${ENTER}`);
    await terminal.answers('Its password', `wrong-word${ENTER}`);
    await terminal.answers('What now?', ENTER);
    await terminal.answers('User name at', `heat${ENTER}`);
    await terminal.answers('Its password', `${PASSWORD}${ENTER}`);
    await terminal.sees('lets us in, and takes');
    await terminal.answers('Are the values to go anywhere else?', ENTER);
    await terminal.sees('"password": "***"');
    await terminal.answers('Write it?', ENTER);
    await terminal.answers('see the first values?', ENTER);
    await terminal.sees('House: 84.817 GJ');
    terminal.types(CTRL_C);
    expect(await terminal.ends()).toBe(0);
    expect(written(path)).toEqual({
      meters: [{ name: 'House', port: meter.port, schedule: 'hourly' }],
      mqtt: { url: broker.url, username: 'heat', password: PASSWORD },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.setup-draft`)).toBe(false);
    const [asked = ''] = terminal.text.split('It runs until Ctrl+C');
    expect(terminal.text).not.toContain(PASSWORD);
    expect(asked).not.toMatch(/Warning/);
    expect(asked).not.toMatch(/wrong-word/);
  });

  it('keeps what was said when it is left, and goes on there', async () => {
    const { meter, broker, directory, path } = await world();
    const first = new Terminal(['setup', '--no-service', '--no-start'], { directory });
    await answerForMeter(first, meter.port);
    await nameBroker(first, broker.url);
    await first.answers('User name at', CTRL_C);
    await first.sees('What was said is kept in');
    expect(await first.ends()).toBe(1);
    const draft = `${path}.setup-draft`;
    expect([existsSync(path), statSync(draft).mode & 0o777]).toEqual([false, 0o600]);
    const { requests } = meter.simulator.statistics;

    const second = new Terminal(['setup', '--no-service', '--no-start'], { directory });
    await second.answers('A set-up was left before its end.', ENTER);
    await second.answers('User name at', `heat${ENTER}`);
    await second.answers('Its password', `${PASSWORD}${ENTER}`);
    await second.answers('Are the values to go anywhere else?', ENTER);
    await second.answers('Write it?', ENTER);
    await second.sees('Whenever you like: multical2mqtt run');
    expect(await second.ends()).toBe(0);
    expect([meter.simulator.statistics.requests, existsSync(draft)]).toEqual([requests, false]);
    expect(written(path)).toMatchObject({ meters: [{ name: 'House' }], mqtt: { password: PASSWORD } });
  });

  it('keeps what was said before when it is left at its first question', async () => {
    const { directory, path } = await world();
    const draft = `${path}.setup-draft`;
    const said = {
      meters: [{ of: null, port: 'tcp://127.0.0.1:1', seen: null, name: 'House' }],
      outputs: {},
    };
    writeFileSync(draft, JSON.stringify(said));
    const terminal = new Terminal(['setup', '--no-service', '--no-start'], { directory });
    await terminal.answers('A set-up was left before its end.', CTRL_C);
    expect(await terminal.ends()).toBe(1);
    expect(written(draft)).toEqual(said);
  });

  it('can be read on a terminal that nobody told its size', async () => {
    const { directory } = await world();
    const terminal = new Terminal(['setup'], { directory, columns: 0 });
    await terminal.answers('On a gateway in the network', CTRL_C);
    expect(await terminal.ends()).toBe(1);
    expect(terminal.text).toContain('Ctrl+C leaves at any time');
  });

  it('changes what is there when it is run again, and keeps the rest', async () => {
    const { meter, directory, path } = await world();
    writeFileSync(path, JSON.stringify(CONFIGURED));
    const terminal = new Terminal(
      ['setup', '--no-service', '--no-start', '--add-meter', '--port', meter.port],
      {
        directory,
      },
    );
    await terminal.answers('What do you call this meter?', `House${ENTER}`);
    await terminal.answers('Another meter is called so.', `${'\x7f'.repeat(5)}Flat${ENTER}`);
    await terminal.answers('What does it run on?', DOWN + ENTER);
    await terminal.answers('How often is it to be read?', ENTER);
    await terminal.sees('What is to change?');
    await terminal.sees('Other outputs');
    terminal.types(ENTER);
    await terminal.answers('Write it?', ENTER);
    expect(await terminal.ends()).toBe(0);
    const added = { name: 'Flat', port: meter.port, schedule: 'balanced', mainsPowered: true };
    expect(written(path)).toEqual({ ...CONFIGURED, meters: [...CONFIGURED.meters, added] });
  });

  it('helps to place a head on which nothing answers', async () => {
    const { directory, path } = await world();
    const port = join(directory, 'head');
    // Three tries of the first question, and then it takes a while to find its place.
    const simulator = new Simulator({
      meters: [{ model: '402' }],
      baudRate: 1200,
      faults: [parseFault('silence:4')],
      clock: systemClock,
      random: () => 0.5,
      logger: new CollectingLogger(),
    });
    const server = await servePty({ line: simulator, link: port, logger: new CollectingLogger() });
    onTestFinished(async () => {
      simulator.stop();
      await server.close();
    });
    const terminal = new Terminal(['setup', '--port', port, '--no-broker', '--no-service', '--no-start'], {
      directory,
    });
    await terminal.answers('What now?', ENTER);
    await terminal.sees('uses a little of its battery');
    await terminal.answers('Begin?', ENTER);
    await terminal.sees('It answers: MULTICAL 402');
    await terminal.sees('press the button');
    await terminal.answers('What do you call this meter?', ENTER);
    await terminal.answers('What does it run on?', ENTER);
    await terminal.answers('How does the head sit?', ENTER);
    await terminal.answers('How often is it to be read?', ENTER);
    await terminal.sees('73 readings a day');
    await terminal.answers('Are the values to go anywhere else?', DOWN + DOWN + DOWN + ENTER);
    await terminal.answers('Folder', ENTER);
    await terminal.answers('Are the values to go anywhere else?', ENTER);
    await terminal.answers('Write it?', ENTER);
    expect(await terminal.ends()).toBe(0);
    expect(written(path)).toEqual({
      meters: [{ name: 'Heat meter', port, schedule: 'keep-awake' }],
      mqtt: { enabled: false },
      csv: { enabled: true, directory: './csv' },
    });
  });
});

describe('setup without a terminal', () => {
  it('does all of it by flags, with the password from standard input', async () => {
    const { meter, broker, path } = await world();
    const run = program([
      ...['setup', '--yes', '--config', path, '--port', meter.port, '--name', 'House'],
      ...['--broker', broker.url, '--user', 'heat', '--password-file', '-', '--metrics-port', '44440'],
    ]);
    run.child.stdin?.end(`${PASSWORD}\n`);
    expect([await ended(run), run.err]).toEqual([0, expect.stringContaining('MULTICAL 403')]);
    expect(run.out).toBe(`Written: ${path}\nRun it with: multical2mqtt run --config ${path}\n`);
    expect(written(path)).toEqual({
      meters: [{ name: 'House', port: meter.port, schedule: 'hourly' }],
      mqtt: { url: broker.url, username: 'heat', password: PASSWORD },
      metrics: { enabled: true, port: 44440 },
    });
  });

  it('names every flag that is missing, in one error', async () => {
    const { path } = await world();
    const run = program(['setup', '--config', path, '--user', 'heat']);
    expect(await ended(run)).toBe(2);
    expect(run.err.trim().split('\n')).toEqual([
      expect.stringMatching(/missing: --port, --broker .*, --password-file .*--yes/),
    ]);
    expect([run.out, existsSync(path)]).toEqual(['', false]);
  });

  it('writes nothing that does not work, and says why, unless it is told not to look', async () => {
    const { meter, broker, path } = await world();
    const words = ['setup', '--yes', '--config', path, '--port', meter.port, '--broker', broker.url];
    const access = { MQTT_PASSWORD: 'another-word' };
    const refused = program([...words, '--user', 'heat'], access);
    expect([await ended(refused), existsSync(path)]).toEqual([3, false]);
    expect(refused.err).toMatch(/refuses the user name or password/);
    expect(refused.err).not.toContain('another-word');
    const untried = program([...words, '--user', 'heat', '--no-test'], access);
    expect([await ended(untried), existsSync(path)]).toEqual([0, true]);
  });

  it('finds a meter without a name by its port', async () => {
    const { path } = await world();
    const port = 'tcp://127.0.0.1:2';
    writeFileSync(path, JSON.stringify({ ...CONFIGURED, meters: [{ port }] }));
    await ended(program(['setup', '--config', path, '--port', port, '--schedule', 'daily', '--no-test']));
    expect(written(path)).toMatchObject({ meters: [{ port, schedule: 'daily' }] });
  });

  it('changes only what flags name in a configuration that is there', async () => {
    const { path } = await world();
    writeFileSync(path, JSON.stringify(CONFIGURED));
    const run = program(['setup', '--config', path, '--meter', 'Cabin', '--schedule', 'daily', '--no-test']);
    expect([await ended(run), run.err]).toEqual([0, '']);
    const [house, cabin] = CONFIGURED.meters;
    expect(written(path)).toEqual({ ...CONFIGURED, meters: [house, { ...cabin, schedule: 'daily' }] });
    await ended(program(['setup', '--yes', '--config', path, '--broker', CONFIGURED.mqtt.url, '--no-test']));
    expect(written(path)).toMatchObject({ mqtt: CONFIGURED.mqtt });
    const another = { MQTT_PASSWORD: 'another' };
    await ended(program(['setup', '--config', path, '--user', 'me', '--no-test'], another));
    expect(written(path)).toMatchObject({
      mqtt: { ...CONFIGURED.mqtt, username: 'me', password: 'another' },
    });
    await ended(program(['setup', '--yes', '--config', path, '--broker', 'mqtt://other', '--no-test']));
    expect(written(path)).toMatchObject({ mqtt: { url: 'mqtt://other', username: '', password: '' } });
    const unclear = program(['setup', '--config', path, '--port', 'tcp://127.0.0.1:9']);
    expect(await ended(unclear)).toBe(2);
    expect(unclear.err).toMatch(/--meter NAME .*--add-meter/);
  });

  it('takes the one meter that there is for the one that is meant, unless it may be another', async () => {
    const { path } = await world();
    const [, cabin] = CONFIGURED.meters;
    writeFileSync(path, JSON.stringify({ ...CONFIGURED, meters: [cabin] }));
    const words = ['setup', '--yes', '--config', path, '--no-test'];
    expect(await ended(program([...words, '--schedule', 'daily']))).toBe(0);
    expect(written(path)).toMatchObject({ meters: [{ ...cabin, schedule: 'daily' }] });
    expect(await ended(program([...words, '--name', 'Barn']))).toBe(2);
    expect(await ended(program([...words, '--port', 'tcp://127.0.0.1:9']))).toBe(2);
  });

  it('says that a bridge which runs has to be restarted', async () => {
    const { meter, broker, directory, path } = await world();
    const dataDir = join(directory, 'data');
    const mqtt = { url: broker.url, username: 'heat', password: PASSWORD };
    writeFileSync(path, JSON.stringify({ dataDir, meters: [{ name: 'House', port: meter.port }], mqtt }));
    const bridge = program(['run', '--config', path]);
    await eventually(() => /House: 84\.817 GJ/.test(bridge.err));
    const change = ['setup', '--yes', '--config', path, '--meter', 'House', '--schedule', 'daily'];
    const run = program([...change, '--no-test']);
    expect([await ended(run), run.err]).toEqual([0, '']);
    expect(run.out).toMatch(/^Written: .*\nA bridge runs already \(process \d+ .*\): restart it/);
  });
});
