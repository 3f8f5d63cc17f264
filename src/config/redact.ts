import type { Config } from './config.ts';

const HIDDEN = '***';

/** The effective configuration without secrets, to be printed. */
export function redactConfig(config: Config): unknown {
  const { url, password } = config.mqtt;
  return {
    ...config,
    mqtt: {
      ...config.mqtt,
      // Brokers behind WebSockets take tokens in the query.
      url: url.replace(/\/\/[^/?#]*@/, `//${HIDDEN}@`).replace(/\?.+$/, `?${HIDDEN}`),
      password: password === '' ? '' : HIDDEN,
    },
  };
}
