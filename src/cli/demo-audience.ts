import type { Config } from '../config/keys.ts';
import { MqttConnection } from '../mqtt/connection.ts';
import { topicsBelow } from '../mqtt/topics.ts';
import { readDiscovery } from '../outputs/home-assistant/abbreviations.ts';
import { bridgeDeviceId, discoveryTopicOf, meterDeviceId } from '../outputs/home-assistant/discovery.ts';
import type { Deps } from '../shared/deps.ts';
import { fieldsOf } from '../shared/stored.ts';

export interface DemoAudienceOptions extends Deps {
  readonly config: Config;
  readonly serialNumber: string;
  readonly print: (line: string) => void;
}

/** The part of a discovered entity that is shown. */
interface Entity {
  readonly name: string;
  readonly platform: string;
  readonly state_topic: string;
  readonly unit_of_measurement?: string;
  readonly enabled_by_default?: boolean;
}

/** Stands where Home Assistant would: listens at the broker, and prints each entity with its value as it appears. */
export class DemoAudience {
  private readonly options: DemoAudienceOptions;
  private readonly connection: MqttConnection;
  private readonly discovery: string;
  private readonly state: string;
  private readonly diagnostics: string;
  private readonly retained: readonly string[];
  private entities: ReadonlyMap<string, Entity> = new Map();
  private values: ReadonlyMap<string, string> = new Map();
  private readonly shown = new Map<string, string>();
  private readings = 0;
  private wake: () => void = () => {};

  constructor(options: DemoAudienceOptions) {
    const { config, serialNumber, ...shared } = options;
    const prefix = config.homeAssistant.discoveryPrefix;
    const topics = topicsBelow(config.mqtt.baseTopic);
    this.options = options;
    this.connection = new MqttConnection({ settings: config.mqtt, ...shared });
    this.discovery = discoveryTopicOf(prefix, meterDeviceId(serialNumber));
    this.state = topics.state(serialNumber);
    this.diagnostics = topics.diagnostics(serialNumber);
    const bridge = discoveryTopicOf(prefix, bridgeDeviceId(topics.base));
    const { discovery, state, diagnostics } = this;
    this.retained = [
      bridge,
      discovery,
      state,
      diagnostics,
      topics.availability(serialNumber),
      topics.older(serialNumber),
      topics.bridgeState,
    ];
  }

  start(): void {
    this.connection.subscribe(this.discovery, (payload) => this.discovered(payload));
    this.connection.subscribe(this.state, (payload) => this.stateArrived(payload));
    this.connection.subscribe(this.diagnostics, (payload) => {
      this.readings = payload === '' ? 0 : JSON.parse(payload).readings;
      this.wake();
    });
    this.connection.start();
  }

  /** `clearRetained`: leaves nothing of the demo at a broker that is not ours. */
  async stop(clearRetained: boolean): Promise<void> {
    if (clearRetained) for (const topic of this.retained) this.connection.clear(topic);
    await this.connection.stop();
  }

  /**
   * Resolves after `readings` readings, when every value that arrived has its entity, and each of `quantities` both; or
   * when `signal` is aborted.
   */
  async hasSeen(readings: number, signal: AbortSignal, quantities: readonly string[] = []): Promise<void> {
    // One listener for the whole time: the demo may go on for days.
    const aborted = (): void => this.wake();
    signal.addEventListener('abort', aborted, { once: true });
    while (!signal.aborted && !(this.readings >= readings && this.isComplete(quantities))) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    signal.removeEventListener('abort', aborted);
  }

  private isComplete(quantities: readonly string[]): boolean {
    const { entities, values } = this;
    const hasBoth = (key: string): boolean => entities.has(key) && values.has(key);
    return values.size > 0 && [...values.keys(), ...quantities].every(hasBoth);
  }

  private discovered(payload: string): void {
    if (payload === '') return;
    const components = Object.entries(fieldsOf(readDiscovery(payload).components)) as [string, Entity][];
    const ofState = components.filter(([, entity]) => entity.state_topic === this.state);
    this.entities = new Map(ofState);
    this.show();
  }

  private stateArrived(payload: string): void {
    // Read as text: a JSON number would lose the zeros of 65.20.
    const members = payload.matchAll(/"(\w+)":(?:"([^"]*)"|([^,}]+))/g);
    const values = Array.from(members, ([, key = '', text, number]): [string, string] => [
      key,
      text ?? number ?? '',
    ]);
    this.values = new Map(values.filter(([key]) => key !== 'read_at'));
    this.show();
  }

  private show(): void {
    const { print, clock } = this.options;
    const time = new Date(clock.now()).toTimeString().slice(0, 8);
    let disabled = 0;
    for (const [key, entity] of this.entities) {
      const value = this.values.get(key);
      if (value === undefined || this.shown.get(key) === value) continue;
      if (entity.enabled_by_default === false && !this.shown.has(key)) disabled++;
      else if (entity.enabled_by_default !== false)
        print(
          `${time}  ${entity.name.padEnd(26)} ${shownValue(entity, value).padStart(10)} ${entity.unit_of_measurement ?? ''}`.trimEnd(),
        );
      this.shown.set(key, value);
    }
    if (disabled > 0) print(`${time}  and ${disabled} more entities, disabled until you want them`);
    this.wake();
  }
}

/** Home Assistant's words for binary states. */
function shownValue({ platform }: Entity, value: string): string {
  if (platform !== 'binary_sensor') return value;
  return value === 'true' ? 'problem' : value === 'false' ? 'OK' : 'unknown';
}
