import type { Config, MeterConfig, MqttConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { namedSchedules } from '../config/named-schedules.ts';
import { redactConfig } from '../config/redact.ts';
import { createLogger } from '../log/winston-logger.ts';
import { isCronExpression } from '../polling/schedule.ts';
import { QUANTITY_NAMES } from '../readings/quantity-names.ts';
import { Bridge } from './bridge.ts';
import { exampleAdvice, isExample } from './example-port.ts';
import { scheduleAdvice } from './schedule-advice.ts';

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
  for (const advice of config.meters.map(scheduleAdvice)) if (advice !== undefined) logger.warn(advice);
  for (const { port } of config.meters) if (isExample(port)) logger.warn(exampleAdvice(port));
  const bridge = new Bridge({ config, version, logger });
  bridge.start();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  logger.info('Stopping');
  await bridge.stop();
  logger.info('Stopped');
}

function introduction({ meters, mqtt }: Config, file: string | null): string {
  const named = meters
    .map(({ name, port, schedule }) => `${name} at ${port} (${scheduleText(schedule)})`)
    .join(', ');
  return `configuration ${file ?? 'from the environment'}, broker ${mqtt.url}, meters: ${named}`;
}

/** `saver: 59 * * * *; 0 6 * * *` */
function scheduleText(schedule: MeterConfig['schedule']): string {
  return namedSchedules(schedule)
    .map(({ preset, cron }) => (preset === null ? cron : `${preset}: ${cron}`))
    .join('; ');
}

/** Brokers behind WebSockets take tokens in the query. */
function secretsOf({ password, url }: MqttConfig): string[] {
  return [password, new URL(url).search.slice(1)];
}
