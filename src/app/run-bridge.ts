import type { Config, MqttConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { redactConfig } from '../config/redact.ts';
import { createLogger } from '../log/winston-logger.ts';
import { isCronExpression } from '../polling/schedule.ts';
import { QUANTITY_NAMES } from '../readings/quantity-names.ts';
import { Bridge } from './bridge.ts';

export interface RunBridgeOptions {
  readonly file: string | undefined;
  /** From the command line, by key path. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly err: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Runs the bridge until `signal` is aborted. Error `config` before anything is opened. */
export async function runBridge({
  file,
  given,
  environment,
  version,
  err,
  signal,
}: RunBridgeOptions): Promise<void> {
  const loaded = loadConfig({
    file,
    environment,
    overrides: given,
    checkCron: isCronExpression,
    quantities: QUANTITY_NAMES,
  });
  const { config } = loaded;
  const { level, format } = config.log;
  const logger = createLogger({ level, format, stream: err, secrets: secretsOf(config.mqtt) });
  logger.info(`multical2mqtt ${version}, ${introduction(config, loaded.file)}`);
  logger.debug('configuration', { config: redactConfig(config) });
  const bridge = new Bridge({ config, version, logger });
  bridge.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  logger.info('Stopping');
  await bridge.stop();
}

function introduction({ meters, mqtt }: Config, file: string | null): string {
  const named = meters.map(({ name, port, schedule }) => `${name} at ${port} (${schedule})`).join(', ');
  return `configuration ${file ?? 'from the environment'}, broker ${mqtt.url}, meters: ${named}`;
}

/** Brokers behind WebSockets take tokens in the query. */
function secretsOf({ password, url }: MqttConfig): string[] {
  return [password, new URL(url).search.slice(1)];
}
