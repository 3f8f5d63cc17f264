import { mapValues } from '../schema/apply.ts';
import { type Config, configKeys } from './keys.ts';

const HIDDEN = '***';

/** The effective configuration without secrets, to be printed as it would be written. */
export function redactConfig(config: Config): unknown {
  const hidden = mapValues(configKeys, config, ({ secret, validator }, value) =>
    secret === true && value !== '' ? HIDDEN : (validator.print?.(value) ?? value),
  );
  return {
    ...hidden,
    mqtt: {
      ...(hidden.mqtt as object),
      // Brokers behind WebSockets take tokens in the query.
      url: config.mqtt.url.replace(/\/\/[^/?#]*@/, `//${HIDDEN}@`).replace(/\?.+$/, `?${HIDDEN}`),
    },
  };
}

/** Everything that must not be seen in a log or on a page. */
export function secretsOf(config: Config): readonly string[] {
  const secrets: string[] = [];
  mapValues(configKeys, config, ({ secret }, value) => {
    if (secret === true && typeof value === 'string' && value !== '') secrets.push(value);
  });
  return [...secrets, new URL(config.mqtt.url).search.slice(1)];
}
