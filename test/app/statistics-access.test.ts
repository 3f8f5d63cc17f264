import { describe, expect, it } from 'vitest';
import { homeAssistantAccess, statisticsAccess } from '../../src/app/statistics-access.ts';
import { loadFile, loadOptions, METER } from '../config/support/loading.ts';

const TOKEN = 'long-lived-0123456789';
const SUPERVISED = { SUPERVISOR_TOKEN: 'of-the-supervisor' };

const told = (homeAssistant: object) => loadFile({ meters: [METER], homeAssistant });
const filledIn = (statistics: boolean) => loadOptions({ meters: [], history: { statistics } }).loaded();

describe("access to Home Assistant's statistics", () => {
  it.each([
    ['http://homeassistant.local:8123', 'ws://homeassistant.local:8123/api/websocket'],
    ['http://192.168.1.10:8123/', 'ws://192.168.1.10:8123/api/websocket'],
    ['https://heat.example.com', 'wss://heat.example.com/api/websocket'],
    ['HTTP://[fd00::1]:8123', 'ws://[fd00::1]:8123/api/websocket'],
  ])('at %s is over its WebSocket', (url, socket) => {
    const loaded = told({ statistics: true, url, token: TOKEN });
    expect(statisticsAccess(loaded, {})).toEqual({ url: socket, token: TOKEN });
  });

  it('in the add-on is what the Supervisor hands on', () => {
    expect(statisticsAccess(filledIn(true), SUPERVISED)).toEqual({
      url: 'ws://supervisor/core/websocket',
      token: 'of-the-supervisor',
    });
    const environment = { ...SUPERVISED, SUPERVISOR_URL: 'http://127.0.0.1:4711' };
    expect(statisticsAccess(filledIn(true), environment)?.url).toBe('ws://127.0.0.1:4711/core/websocket');
  });

  it('is not for the bridge where statistics are off, but for whoever asks for it', () => {
    const loaded = told({ url: 'http://ha:8123', token: TOKEN });
    expect(statisticsAccess(loaded, {})).toBeUndefined();
    expect(homeAssistantAccess(loaded, {})).toEqual({ url: 'ws://ha:8123/api/websocket', token: TOKEN });
    expect(statisticsAccess(filledIn(false), SUPERVISED)).toBeUndefined();
    expect(homeAssistantAccess(filledIn(false), SUPERVISED)?.token).toBe('of-the-supervisor');
  });

  it('is nowhere where nobody said where Home Assistant is', () => {
    expect(homeAssistantAccess(told({}), {})).toBeUndefined();
    // Only the add-on is among Home Assistant's own.
    expect(homeAssistantAccess(told({}), SUPERVISED)).toBeUndefined();
  });
});
