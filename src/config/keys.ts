import { LANGUAGES } from '../catalogue/texts/languages.ts';
import { historyKeys } from '../history/config.ts';
import { logKeys } from '../log/config.ts';
import type { MeterConfig } from '../meter/config.ts';
import { secretsIn } from '../mqtt/broker-url.ts';
import { mqttKeys } from '../mqtt/config.ts';
import { OUTPUTS } from '../outputs/all.ts';
import { homeAssistantKeys } from '../outputs/home-assistant/config.ts';
import { compatibilityKeys } from '../outputs/mqtt/config.ts';
import { mapValues } from '../schema/apply.ts';
import { type Infer, key } from '../schema/key.ts';
import { filledText, listOf, oneOf } from '../schema/validators.ts';
import { HIDDEN } from '../shared/secrets.ts';
import { waitingKeys } from '../spool/config.ts';
import { webKeys } from '../web/config.ts';

/** The order in which the effective configuration is printed; whatever is new comes after these. */
const PRINTED: readonly string[] = ['influxdb', 'domoticz', 'metrics', 'csv', 'webhook'];

/** In the same order. */
export const PRINTED_OUTPUTS = OUTPUTS.toSorted((one, other) => placeOf(one.name) - placeOf(other.name));

function placeOf(name: string): number {
  return PRINTED.includes(name) ? PRINTED.indexOf(name) : PRINTED.length;
}

type OutputKeys = { readonly [Output in (typeof OUTPUTS)[number] as Output['name']]: Output['keys'] };

const outputKeys = Object.fromEntries(
  PRINTED_OUTPUTS.map(({ name, keys }) => [name, keys]),
) as unknown as OutputKeys;

/** All keys but those of a meter: each meter of the list is applied to keys of its own. */
export const configKeys = {
  meters: key('The meters to read, at least one.', listOf<MeterConfig>(), [], { env: false }),
  mqtt: mqttKeys,
  homeAssistant: homeAssistantKeys,
  compatibility: compatibilityKeys,
  waiting: waitingKeys,
  history: historyKeys,
  ...outputKeys,
  language: key(
    "Language of `info`, the meter's complaints in words, and of Home Assistant's names.",
    oneOf(LANGUAGES),
    'en',
    {
      env: 'MULTICAL2MQTT_LANGUAGE',
    },
  ),
  dataDir: key('Folder for what must survive a restart.', filledText, './data', { addon: false }),
  log: logKeys,
  web: webKeys,
};

/** The effective configuration: every key has a valid value. docs/configuration.md says what each one means. */
export type Config = Infer<typeof configKeys>;

/** The effective configuration without secrets, to be printed as it would be written. */
export function redactConfig(config: Config): unknown {
  return mapValues(configKeys, config, ({ secret, validator }, value) =>
    secret === true && value !== '' ? HIDDEN : (validator.print?.(value) ?? value),
  );
}

/** Everything that must not be seen in a log or on a page. */
export function secretsOf(config: Config): readonly string[] {
  const secrets: string[] = [];
  mapValues(configKeys, config, ({ secret }, value) => {
    if (secret === true && typeof value === 'string' && value !== '') secrets.push(...withOwnParts(value));
  });
  return [...secrets, ...secretsIn(config.mqtt.url)];
}

/** A server knows the path of a secret address without the host before it. */
function withOwnParts(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [secret];
  const { pathname, search } = new URL(secret);
  return [secret, pathname, ...search.slice(1).split('&')].filter((part) => part !== '');
}
