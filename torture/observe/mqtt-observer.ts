import { connect, type MqttClient } from 'mqtt';
import { flatJson } from '../compare.ts';
import type { Judge } from '../judge.ts';

/** A fresh state of a meter, as a subscriber has got it. */
interface FreshState {
  readonly serial: string;
  readonly readAt: string;
  /** On the monotonic clock. */
  readonly at: number;
}

interface Diagnostics {
  readonly failed: number;
  readonly doubtful: number;
}

/** The other form: each entity for itself. */
const ENTITY = /^homeassistant\/(?:sensor|binary_sensor|button)\/multical2mqtt_(\d+)\/([a-z0-9_]+)\/config$/;

interface Announced {
  readonly unit_of_measurement?: string;
  /** Home Assistant's short name of the same. */
  readonly unit_of_meas?: string;
}

interface MqttObserverOptions {
  readonly url: string;
  readonly judge: Judge;
  /** The unit that `units` asks for; undefined: the meter's own. */
  readonly configured: (serial: string, quantity: string) => string | undefined;
  /** A value for a device of Domoticz. */
  readonly onDomoticz: (index: number, value: string) => void;
}

const BASE = 'multical2mqtt';
const CONNECTS_WITHIN = 30_000;
const TOPIC = /^multical2mqtt\/(\d+)\/(state|availability|diagnostics)$/;
const DISCOVERY = /^homeassistant\/device\/multical2mqtt_(\d+)\/config$/;

/** Home Assistant's spelling of units -> the meter's. */
const SYMBOLS: Readonly<Record<string, string>> = {
  L: 'l',
  'L/h': 'l/h',
  gal: 'US gal',
  'gal/min': 'US gal/min',
  'imp/L': 'imp/l',
  'L/imp': 'l/imp',
};

type Values = ReturnType<typeof flatJson>;

/** Everything that a subscriber sees, as Home Assistant puts it together: the state's numbers in discovery's units. */
export class MqttObserver {
  readonly available = new Map<string, boolean>();
  bridgeOnline = false;
  readonly diagnostics = new Map<string, Diagnostics>();
  /** What discovery says now, by serial number and quantity. */
  private readonly units = new Map<string, Map<string, string>>();
  /** The state that stands there. */
  private readonly states = new Map<string, Values>();
  private readonly lastReadAt = new Map<string, string>();
  private readonly stateListeners = new Set<(state: FreshState) => void>();
  private readonly options: MqttObserverOptions;
  private client: MqttClient | undefined;

  constructor(options: MqttObserverOptions) {
    this.options = options;
  }

  async start(): Promise<void> {
    const client = connect(this.options.url, { reconnectPeriod: 200, connectTimeout: 3_000, clean: true });
    this.client = client;
    client.on('error', () => {});
    client.on('connect', () => {
      client.subscribe([`${BASE}/#`, 'homeassistant/#', 'domoticz/in'], { qos: 1 });
    });
    client.on('message', (topic, payload, { retain }) => this.take(topic, payload.toString('utf8'), retain));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the broker does not answer')), CONNECTS_WITHIN);
      client.once('connect', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    await this.client?.endAsync(true);
  }

  publish(topic: string, payload: string): void {
    this.client?.publish(topic, payload, { qos: 0 });
  }

  onState(listener: (state: FreshState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** That a quantity is announced in; undefined where it is not, or without one. */
  unitOf(serial: string, quantity: string): string | undefined {
    return this.units.get(serial)?.get(quantity) || undefined;
  }

  hasDiscovery(serial: string): boolean {
    return (this.units.get(serial)?.size ?? 0) > 0;
  }

  isAvailable(serial: string): boolean {
    return this.bridgeOnline && this.available.get(serial) === true;
  }

  /** `retained`: from before our subscription; a broker that was killed may hold an old one. */
  private take(topic: string, payload: string, retained: boolean): void {
    if (topic === `${BASE}/bridge/state`) this.bridgeOnline = payload === 'online';
    if (topic === 'domoticz/in') this.domoticz(payload);
    const discovered = DISCOVERY.exec(topic)?.[1];
    if (discovered !== undefined) this.discovery(discovered, payload, retained);
    const [, of, entity] = ENTITY.exec(topic) ?? [];
    if (of !== undefined && entity !== undefined) this.entity(of, entity, payload, retained);
    const [, serial = '', kind] = TOPIC.exec(topic) ?? [];
    if (kind === 'availability') this.available.set(serial, payload === 'online');
    if (kind === 'state') this.state(serial, payload, retained);
    if (kind === 'diagnostics' && payload !== '') {
      const values = flatJson(payload);
      const count = (key: string): number => Number(values.get(key)?.text ?? 0);
      this.diagnostics.set(serial, { failed: count('failed_readings'), doubtful: count('doubtful_values') });
    }
  }

  /** All entities of a meter. */
  private discovery(serial: string, payload: string, retained: boolean): void {
    this.units.set(serial, new Map());
    const { cmps = {} } = payload === '' ? {} : (JSON.parse(payload) as { cmps?: Record<string, Announced> });
    for (const [quantity, announced] of Object.entries(cmps)) this.announce(serial, quantity, announced);
    // Between this message and the next state, the old number stands under the new unit.
    if (!retained) this.judgeNumbers('MQTT discovery', serial, this.states.get(serial) ?? new Map());
  }

  private entity(serial: string, quantity: string, payload: string, retained: boolean): void {
    if (payload === '') this.units.get(serial)?.delete(quantity);
    else this.announce(serial, quantity, JSON.parse(payload) as Announced);
    const standing = this.states.get(serial)?.get(quantity);
    if (payload === '' || retained || standing === undefined) return;
    this.judgeNumbers('MQTT discovery', serial, new Map([[quantity, standing]]));
  }

  private announce(serial: string, quantity: string, announced: Announced): void {
    const unit = announced.unit_of_meas ?? announced.unit_of_measurement;
    const units = this.units.get(serial) ?? new Map<string, string>();
    this.units.set(serial, units);
    units.set(quantity, unit === undefined ? '' : (SYMBOLS[unit] ?? unit));
  }

  private state(serial: string, payload: string, retained: boolean): void {
    const values = flatJson(payload);
    this.states.set(serial, values);
    if (retained || payload === '') return;
    const readAt = values.get('read_at')?.text ?? '';
    if (this.lastReadAt.get(serial) !== readAt) {
      this.lastReadAt.set(serial, readAt);
      for (const listener of [...this.stateListeners]) listener({ serial, readAt, at: performance.now() });
    }
    this.judgeNumbers('MQTT', serial, values);
  }

  private judgeNumbers(output: string, serial: string, values: Values): void {
    const units = this.units.get(serial);
    for (const [quantity, { text, isText }] of values) {
      if (quantity === 'read_at') continue;
      // Home Assistant has no name for some units; texts have none.
      const unit = (isText ? '' : units?.get(quantity)) || this.options.configured(serial, quantity);
      this.options.judge.value({ output, serial, quantity, text, unit, at: undefined });
    }
  }

  private domoticz(payload: string): void {
    const { idx, svalue } = JSON.parse(payload) as { idx: number; svalue: string };
    this.options.onDomoticz(idx, svalue);
  }
}
