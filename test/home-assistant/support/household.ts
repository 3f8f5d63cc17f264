import type { ModelName } from '../../../src/simulator/models/models.ts';
import { Mosquitto } from '../../mqtt/support/mosquitto.ts';
import type { Observer } from '../../mqtt/support/observer.ts';
import { asHomeAssistant } from '../../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../../support/eventually.ts';
import type { Device, State } from './api.ts';
import { BridgeProcess, type Keys } from './bridge.ts';
import { HomeAssistant } from './core.ts';
import { BAUD_RATE, Meter } from './meter.ts';

const NO_VALUE = new Set(['unknown', 'unavailable']);

/** An entity as discovery has it. */
interface Announced {
  readonly unique_id: string;
  readonly entity_category?: string;
  readonly enabled_by_default?: boolean;
  readonly unit_of_measurement?: string;
  readonly device_class?: string;
  readonly state_class?: string;
  readonly suggested_display_precision?: number;
}

/** A household's server: a broker, a Home Assistant, the bridge, and meters to read. */
export class Household {
  readonly mosquitto = new Mosquitto();
  readonly home = new HomeAssistant(this.mosquitto);
  readonly bridge = new BridgeProcess(this.mosquitto);
  private readonly meters: Meter[] = [];
  private ear: Observer | undefined;

  get observer(): Observer {
    if (this.ear === undefined) throw new Error('the broker does not run');
    return this.ear;
  }

  async start(): Promise<this> {
    await this.mosquitto.start();
    for (const user of ['bridge', 'homeassistant']) this.mosquitto.allow(user);
    this.ear = await this.mosquitto.observer();
    await this.home.start();
    return this;
  }

  /** `inPlaceOf`: one that was unplugged, behind whose port it is from now on. */
  async meter(
    model: ModelName,
    options: ConstructorParameters<typeof Meter>[1] = {},
    inPlaceOf?: Meter,
  ): Promise<Meter> {
    const meter = await new Meter(model, options).plugIn(inPlaceOf);
    this.meters.push(meter);
    return meter;
  }

  /** Of one meter, as a user would write it. */
  static keys({ port }: Meter, name: string, more: Keys = {}): Keys {
    return {
      name,
      port,
      schedule: '*/3 * * * * *',
      baudRate: BAUD_RATE,
      battery: { maxReadingsPerDay: 100_000 },
      ...more,
    };
  }

  /** Every entity of the meter that is enabled, at least so many, has a value in Home Assistant. */
  async knows(meter: Meter, least = 10): Promise<void> {
    await this.eventually(async () => {
      const { enabled, without } = await this.valuesOf(meter);
      return enabled >= least && without.length === 0;
    });
  }

  /** How many entities of the meter are enabled, and the ids of those without a value; a button has none before it is pressed. An event is no value. */
  async valuesOf({ serial }: Meter): Promise<{ enabled: number; without: readonly string[] }> {
    const entities = await this.home.api.entities();
    const states = await this.home.api.states();
    const enabled = [...entities.values()].filter(
      ({ unique_id, entity_id, disabled_by }) =>
        unique_id.startsWith(`multical2mqtt_${serial}_`) &&
        disabled_by === null &&
        !entity_id.startsWith('event.'),
    );
    const without = enabled
      .map(({ entity_id }) => entity_id)
      .filter((id) => !id.startsWith('button.') && NO_VALUE.has(states.get(id)?.state ?? 'unknown'));
    return { enabled: enabled.length, without };
  }

  /** Its entity's state, by whatever id the user has given it; undefined where there is none. */
  async stateOf({ serial }: Meter, quantity: string): Promise<State | undefined> {
    const { api } = this.home;
    const entity = (await api.entities()).get(`multical2mqtt_${serial}_${quantity}`);
    return (await api.states()).get(entity?.entity_id ?? '');
  }

  async deviceOf({ serial }: Meter): Promise<Device | undefined> {
    return (await this.home.api.devices()).find(({ serial_number }) => serial_number === serial);
  }

  /** What discovery says of each entity of a meter, by unique id, in either form. */
  announced({ serial }: Meter): ReadonlyMap<string, Announced> {
    const topics = [...new Set(this.observer.messages.map(({ topic }) => topic))];
    const own = topics.filter((topic) => topic.startsWith('homeassistant/') && topic.includes(`_${serial}`));
    const payloads = own.flatMap((topic) => this.observer.latest(topic) ?? []);
    const all = payloads.flatMap((payload): readonly Announced[] => {
      const { components, ...single } = asHomeAssistant(payload);
      return components === undefined ? [single] : Object.values(components);
    });
    return new Map(
      all.filter(({ unique_id }) => unique_id !== undefined).map((each) => [each.unique_id, each]),
    );
  }

  /** The broker comes to hold all discovery in this form, and none in the other one. */
  async isAnnouncedBy(form: string): Promise<void> {
    await this.eventually(async () => {
      const topics = [...new Set(this.observer.messages.map(({ topic }) => topic))];
      const held = topics.filter((topic) => /^homeassistant\/\w+\/multical2mqtt_/.test(topic));
      const forms = held.filter((topic) => this.observer.latest(topic) !== undefined);
      return (
        forms.length > 0 &&
        forms.every((topic) => topic.startsWith('homeassistant/device/') === (form === 'device'))
      );
    });
  }

  /** Where it does not come, what the bridge said tells why. */
  async eventually<T>(probe: () => Promise<T>): Promise<NonNullable<Awaited<T>>> {
    return eventually(probe).catch((error: unknown) => {
      throw new Error(`${error}\nThe bridge said:\n${this.bridge.log.slice(-3000)}`);
    });
  }

  async remove(): Promise<void> {
    await this.bridge.remove();
    await this.home.remove();
    await this.ear?.end();
    for (const meter of this.meters) await meter.remove();
    await this.mosquitto.remove();
  }
}
