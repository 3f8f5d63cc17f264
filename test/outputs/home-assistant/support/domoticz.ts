import { domoticzValue, shortest } from './domoticz-template.ts';

/** Up to 2025.1 (build 16782) some things were otherwise; what is called later is of the branch after it. */
export type DomoticzRelease = 'up to 2025.1' | 'later';

/** A row of Domoticz' list of devices. */
export interface Shown {
  readonly type: string;
  readonly data: string;
}

interface Sensor {
  readonly component: string;
  readonly objectId: string;
  readonly uniqueId: string;
  readonly device: string;
  readonly shownUnit: string;
  readonly unit: string;
  readonly template: string;
  readonly stateTopic: string;
  readonly on: string;
  readonly off: string;
  /** Undefined until a value was found. */
  last?: string;
}

/**
 * What Domoticz' hardware "MQTT Auto Discovery Client Gateway" makes of messages. The facts are those of
 * hardware/MQTTAutoDiscover.cpp of domoticz/domoticz, in three versions of 2022 to 2026 that were read and not run:
 * `on_auto_discovery_message`, `handle_auto_discovery_sensor`, `GuessSensorTypeValue`, `get_auto_discovery_sensor_unit` and
 * `InsertUpdateSwitch`; `is_number` of main/Helper.cpp.
 */
export class Domoticz {
  /** By unique id. */
  readonly devices = new Map<string, Shown>();
  /** Of each of a meter's devices, by the identifier of the meter. */
  readonly batteryLevels = new Map<string, number>();
  /** By unique id: the meter it belongs to, whether it is in the list of devices in use, and where its availability is. */
  readonly known = new Map<
    string,
    { readonly device: string; readonly used: boolean; readonly availability: string }
  >();
  private readonly release: DomoticzRelease;
  private readonly prefix: string;
  private readonly sensors = new Map<string, Sensor>();

  constructor(release: DomoticzRelease, prefix: string) {
    this.release = release;
    this.prefix = prefix;
  }

  hear(topic: string, payload: string): void {
    if (topic.startsWith(this.prefix)) this.discover(topic, payload);
    else
      for (const sensor of this.sensors.values())
        if (sensor.stateTopic === topic) this.update(sensor, payload);
  }

  private discover(topic: string, payload: string): void {
    const [component = '', ...ids] = topic.slice(this.prefix.length + 1).split('/');
    const objectId = ids.at(-2) ?? '';
    if (!['sensor', 'binary_sensor', 'button'].includes(component)) return;
    if (/_address|_ssid|_signal_sensor|^(linkquality|last_seen|restart|connection_state)$/.test(objectId))
      return;
    if (component === 'sensor' && isSetting(objectId)) return;
    const config = JSON.parse(payload);
    // Long name or abbreviation, but inside of `device` long names and inside of `dev` abbreviations only.
    const text = (...names: readonly string[]) =>
      String(names.map((name) => config[name]).find((value) => value !== undefined) ?? '');
    const uniqueId = text('unique_id', 'uniq_id');
    const sensor: Sensor = {
      component,
      objectId,
      uniqueId,
      device: [config.device?.identifiers ?? config.dev?.ids ?? uniqueId].flat()[0],
      shownUnit: text('unit_of_measurement', 'unit_of_meas'),
      unit: text('unit_of_measurement', 'unit_of_meas').toLowerCase(),
      template: text('value_template', 'val_tpl'),
      stateTopic: text('state_topic', 'stat_t'),
      on: text('payload_on', 'pl_on') || 'ON',
      off: text('payload_off', 'pl_off') || 'OFF',
    };
    this.sensors.set(uniqueId, sensor);
    // It knows no `en`, and no `t` in the list, of which the last one counts.
    const { enabled_by_default: used = true, availability = config.avty } = config;
    this.known.set(uniqueId, {
      device: sensor.device,
      used,
      availability: availability?.at(-1)?.topic ?? '',
    });
    // A switch is there without a value.
    if (component === 'button') this.devices.set(uniqueId, { type: 'push button', data: '' });
    if (component === 'binary_sensor') this.devices.set(uniqueId, { type: 'switch', data: 'Off' });
  }

  private update(sensor: Sensor, payload: string): void {
    const { template, uniqueId, on } = sensor;
    const isJson = payload.startsWith('{');
    const value = isJson && template !== '' ? domoticzValue(template, payload) : payload;
    if (value === '') return;
    sensor.last = value;
    if (sensor.component === 'binary_sensor')
      this.devices.set(uniqueId, { type: 'switch', data: value === on ? 'On' : 'Off' });
    else if (this.isBattery(sensor, value)) this.batteryLevels.set(sensor.device, Number.parseInt(value, 10));
    else this.devices.set(uniqueId, this.guess(sensor, value));
  }

  private isBattery({ objectId }: Sensor, value: string): boolean {
    if (this.release === 'later') return /^battery(_low|_level)?$/.test(objectId);
    return objectId.includes('battery') && isNumber(value);
  }

  /** In the order of the source. Icons are left out: we send none. */
  private guess(sensor: Sensor, last: string): Shown {
    const { unit, template, objectId } = sensor;
    const number = Number.parseFloat(last);
    if (unit === 'hpa' || unit === 'kpa' || template.includes('pressure'))
      return { type: 'barometer', data: `${number.toFixed(2)} hPa, Thunderstorm` };
    if (unit === 'v') return { type: 'voltage', data: `${number.toFixed(3)} V` };
    if (unit === 'a') return { type: 'current', data: `${number.toFixed(3)} A` };
    if (this.wattsPer(unit) !== undefined)
      return { type: 'usage', data: `${(number * (this.wattsPer(unit) ?? 1)).toFixed(3)} W` };
    if (unit === 'kwh' || unit === 'wh') {
      const kwh = unit === 'wh' ? number / 1000 : number;
      return { type: 'kWh', data: `${this.wattsBeside(sensor)} W, ${kwh.toFixed(3)} kWh` };
    }
    if (unit === 'l') return { type: 'RFXMeter counter', data: `${number.toFixed(3)} kWh` };
    if (unit === '' && !isNumber(last)) return { type: 'text', data: last };
    if (unit === 'm³')
      return { type: 'RFXMeter counter', data: `${(Math.trunc(number) / 1000).toFixed(3)} kWh` };
    if (unit === '°c' || objectId === 'temperature' || template.includes('temperature'))
      return { type: 'temperature', data: `${number.toFixed(2)} °C` };
    if (unit === '%' && `${objectId} ${template}`.includes('humidity'))
      return { type: 'humidity', data: `${Math.trunc(number)} %` };
    if (unit === '%') return { type: 'percentage', data: `${last} %` };
    // The page has six digits, and shows these marks for no unit.
    return { type: 'custom', data: `${shortest(number, 6)} ${sensor.shownUnit || '??'}` };
  }

  private wattsPer(unit: string): number | undefined {
    if (unit === 'w') return 1;
    return unit === 'kw' && this.release === 'later' ? 1000 : undefined;
  }

  /** The power of the same device whose unique id has most of its beginning in common. */
  private wattsBeside({ uniqueId, device }: Sensor): string {
    for (const unit of this.release === 'later' ? ['w', 'kw'] : ['w']) {
      const powers = Array.from(this.sensors.values())
        .filter((other) => other.device === device && other.unit === unit && other.component === 'sensor')
        .filter(({ objectId }) => !/_(min|max)$|^(min|max)_|sensitivity|alarm|^power_[abc]/.test(objectId))
        .sort((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1));
      let best: Sensor | undefined;
      for (const power of powers)
        if (best === undefined || common(power.uniqueId, uniqueId) > common(best.uniqueId, uniqueId))
          best = power;
      if (best !== undefined) return (Number(best.last ?? 0) * (this.wattsPer(unit) ?? 1)).toFixed(0);
    }
    return '0';
  }
}

/** Dates are numbers, too. */
function isNumber(text: string): boolean {
  return /^[\d.\- ]+$/.test(text);
}

function isSetting(objectId: string): boolean {
  return /_(min|max)$|^(min|max)_|_sensitivity|_alarm|_calibration/.test(objectId);
}

function common(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
