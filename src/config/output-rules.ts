import { type Config, METER_TAGS } from './config.ts';

/** What keys of outputs say of each other, a line each. Only of those that are on; every single value is right. */
export function outputFaults(config: Config): readonly string[] {
  const { influxdb, domoticz, csv, webhook } = config;
  return [
    ...(influxdb.enabled ? influxdbFaults(config) : []),
    ...(domoticz.enabled ? domoticzFaults(config) : []),
    ...(csv.enabled && csv.directory.trim() === ''
      ? ['csv.directory: must name a folder, such as "./csv", because csv.enabled is true']
      : []),
    ...(webhook.enabled && webhook.url === ''
      ? ['webhook.url: must be set, because webhook.enabled is true']
      : []),
    ...portFaults(config),
    ...(nowhere(config) ? [NOWHERE] : []),
  ];
}

function influxdbFaults({ influxdb, meters }: Config): readonly string[] {
  const { url, database, bucket, org, tags } = influxdb;
  const faults: string[] = [];
  if (url === '') faults.push('influxdb.url: must be set, because influxdb.enabled is true');
  if (database === '' && bucket === '')
    faults.push(
      'influxdb.database: must be set for InfluxDB 1.x, or influxdb.bucket for 2.x and 3.x, because influxdb.enabled is true',
    );
  if (database !== '' && bucket !== '')
    faults.push(
      'influxdb.bucket: there is a database too; keep "database" for InfluxDB 1.x, or "bucket" for 2.x and 3.x, and leave the other one empty',
    );
  // Without it InfluxDB 2.x answers as if the points were at fault.
  if (bucket !== '' && org === '')
    faults.push('influxdb.org: must be set for InfluxDB 2.x; for 3.x, which has no organisations, write "-"');
  const telling: readonly string[] = METER_TAGS.slice(0, 2);
  if (meters.length > 1 && !tags.some((tag) => !('value' in tag) && telling.includes(tag.key)))
    faults.push(
      `influxdb.tags: must hold ${telling.join(' or ')} where there are several meters, or their points would replace each other`,
    );
  return faults;
}

function domoticzFaults({ domoticz, meters, mqtt }: Config): readonly string[] {
  const { devices, url } = domoticz;
  const faults: string[] = [];
  if (devices.length === 0)
    faults.push(
      'domoticz.devices: must name at least one device, such as {"heat_energy": 12}, because domoticz.enabled is true',
    );
  if (!mqtt.enabled && url === '')
    faults.push(
      'domoticz.url: must be set, because mqtt.enabled is false: without a broker Domoticz is reached over HTTP',
    );
  const indexes = devices.map(({ index }) => index);
  const twice = indexes.find((index, at) => indexes.indexOf(index) !== at);
  if (twice !== undefined)
    faults.push(
      `domoticz.devices: device ${twice} stands there twice; a device shows one quantity, so give each its own`,
    );
  const names = meters.map(({ name }) => name);
  for (const { meter, quantity } of devices) {
    if (meter === null && names.length > 1)
      faults.push(
        `domoticz.devices: "${quantity}" must name its meter, such as "${names[0]}/${quantity}", because there are several`,
      );
    // Where no meter is right, that is the complaint.
    if (meter !== null && names.length > 0 && !names.includes(meter))
      faults.push(
        `domoticz.devices: there is no meter "${meter}"; there ${names.length === 1 ? 'is' : 'are'} ${names.map((name) => `"${name}"`).join(', ')}`,
      );
  }
  return faults;
}

function portFaults({ metrics, web }: Config): readonly string[] {
  return metrics.enabled && web.enabled && metrics.port === web.port
    ? ['metrics.port: must differ from web.port']
    : [];
}

function nowhere({ mqtt, influxdb, domoticz, metrics, csv, webhook }: Config): boolean {
  return ![mqtt, influxdb, domoticz, metrics, csv, webhook].some(({ enabled }) => enabled);
}

const NOWHERE =
  'mqtt.enabled: must be true where no other output is on (influxdb, domoticz, metrics, csv, webhook), or readings go nowhere';
