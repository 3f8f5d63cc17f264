import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/shared/clock.ts';
import { backlogIn, done } from '../../src/statistics/answers.ts';
import { HomeAssistantConnection } from '../../src/statistics/connection.ts';
import { importHistory } from '../../src/statistics/import.ts';
import { undoImport } from '../../src/statistics/undo.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { silentPort } from '../support/silent-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { apiServer } from './support/api-server.ts';
import { FakeHomeAssistant } from './support/fake-home-assistant.ts';
import { HEAT, heatRows, historyOf, SERIAL_NUMBER } from './support/house.ts';

async function connected(...options: Parameters<typeof apiServer>) {
  const { access, ...server } = await apiServer(...options);
  const connection = await HomeAssistantConnection.open(access, { clock: systemClock });
  onTestFinished(() => connection.close());
  return { connection, ...server };
}

describe('the connection to Home Assistant', () => {
  it('brings a log in over a real socket, and takes it back', async () => {
    const home = new FakeHomeAssistant();
    home.total(HEAT, [['2026-01-14T08:00Z', 84.97, 0.01]]);
    const { access, paths } = await apiServer({ answers: home.answers });
    const options = { clock: systemClock, dataDir: temporaryFolder() };
    const history = historyOf(...heatRows('day', { '2026-01-14T00:00:00+01:00': '80.000' }));
    await importHistory(access, history, options);
    expect(home.changes(`sensor.${HEAT}`)).toEqual([0, 4.97]);
    await undoImport(access, { serialNumber: SERIAL_NUMBER, name: 'House' }, options);
    expect(home.changes(`sensor.${HEAT}`)).toEqual([0.01]);
    expect(paths).toEqual(['/api/websocket', '/api/websocket']);
  });

  it.each([
    ['/core/websocket', '/core/websocket'],
    ['', '/'],
  ])('takes a WebSocket’s own address as it is: %s', async (path, asked) => {
    const { access, port, paths } = await apiServer();
    const url = `ws://127.0.0.1:${port}${path}`;
    (await HomeAssistantConnection.open({ ...access, url }, { clock: systemClock })).close();
    expect(paths).toEqual([asked]);
  });

  it('keeps the path of an address', async () => {
    const { access, paths } = await apiServer();
    (
      await HomeAssistantConnection.open({ ...access, url: `${access.url}/home/` }, { clock: systemClock })
    ).close();
    expect(paths).toEqual(['/home/api/websocket']);
  });

  it('says what to do about a wrong token, and does not show it', async () => {
    const { access } = await apiServer();
    const opened = HomeAssistantConnection.open(
      { ...access, token: 'another-token' },
      { clock: systemClock },
    );
    await expect(opened).rejects.toThrow(/127\.0\.0\.1:\d+ does not take the token: make a long-lived one/);
    await expect(opened).rejects.not.toThrow('another-token');
  });

  it('says where nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(
      HomeAssistantConnection.open({ url, token: 'token' }, { clock: systemClock }),
    ).rejects.toThrow(/^ws:\/\/127\.0\.0\.1:\d+: nothing listens there/);
  });

  it('says where a web server answers that is no Home Assistant', async () => {
    const port = await freePort();
    const web = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => web.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void web.close());
    const access = { url: `http://127.0.0.1:${port}`, token: 'token' };
    await expect(HomeAssistantConnection.open(access, { clock: systemClock })).rejects.toThrow(
      `ws://127.0.0.1:${port}: no WebSocket is there (HTTP 404)`,
    );
  });

  it('hands on in words what is refused', async () => {
    const error = { code: 'home_assistant_error', message: 'Invalid source' };
    const { connection } = await connected({ answer: () => ({ success: false, error }) });
    await expect(connection.ask('recorder/import_statistics', done)).rejects.toThrow(
      /does not take recorder\/import_statistics: Invalid source \(home_assistant_error\)/,
    );
  });

  it.each([
    [{ success: true, result: null }],
    [{ success: true }],
    [{ success: true, result: 'busy' }],
    [{ success: true, result: [] }],
    [{ success: true, result: {} }],
    [{ success: true, result: { backlog: '0' } }],
    [{ success: 'yes', result: { backlog: 0 } }],
    [{ success: false }],
    [{ success: false, error: 'no' }],
  ])('says what to do about an answer of another form: %j', async (answer) => {
    const { connection, port } = await connected({ answer: () => answer });
    await expect(connection.ask('recorder/info', backlogIn)).rejects.toThrow(
      `Home Assistant at 127.0.0.1:${port} answered recorder/info in a way that this version does not understand: see whether there is a newer multical2mqtt`,
    );
  });

  it('says that a token must be an administrator’s', async () => {
    const error = { code: 'unauthorized', message: 'Unauthorized' };
    const { connection } = await connected({ answer: () => ({ success: false, error }) });
    await expect(connection.ask('recorder/info', done)).rejects.toThrow('use a token of an administrator');
  });

  it('fails what is asked when the connection ends, and after that', async () => {
    const { connection } = await connected({ answer: (_, socket) => void socket.terminate() });
    await expect(connection.ask('recorder/info', done)).rejects.toThrow('closed the connection');
    await expect(connection.ask('recorder/info', done)).rejects.toThrow('closed the connection');
  });

  it('is given up at once where nobody has answered yet', async () => {
    const { port, heard } = await silentPort();
    const ended = new AbortController();
    const url = port.replace('tcp:', 'ws:');
    const clock = new FakeClock();
    const opened = HomeAssistantConnection.open({ url, token: 'token' }, { clock, signal: ended.signal });
    opened.catch(() => {});
    await eventually(() => heard() > 0);
    ended.abort();
    await expect(opened).rejects.toThrow('Ended while Home Assistant was waited for.');
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait for ever for an answer', async () => {
    const { access } = await apiServer();
    const clock = new FakeClock();
    const connection = await HomeAssistantConnection.open(access, { clock });
    onTestFinished(() => connection.close());
    const asked = connection.ask('recorder/info', done);
    await expect(clock.runUntil(asked)).rejects.toThrow('does not answer to recorder/info');
    expect(clock.pendingTimers).toBe(0);
  });
});
