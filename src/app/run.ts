import { join } from 'node:path';
import { offeredBroker } from '../addon/offered-broker.ts';
import { surroundingsOf } from '../addon/surroundings.ts';
import { keyWords } from '../config/key-words.ts';
import { type Config, redactConfig, secretsOf } from '../config/keys.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { LogShelf } from '../history/log-shelf.ts';
import type { HistoryRecorder } from '../history/recorder.ts';
import { createLogger, LogTail } from '../log/winston-logger.ts';
import { scheduleAdvice, scheduleText } from '../meter/schedules.ts';
import { brokersIn } from '../mqtt/broker-list.ts';
import { untilAborted } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { paintFor } from '../shared/paint.ts';
import { computerClock } from '../shared/release.ts';
import type { Secrets } from '../shared/secrets.ts';
import { pageAddress, thisMachine } from '../web/address.ts';
import { doorOf } from '../web/door.ts';
import type { WebServer } from '../web/server.ts';
import { Bridge, type BridgeOptions } from './bridge.ts';
import { DataLock } from './data-lock.ts';
import { PortDesk } from './port-desk.ts';
import type { PortVisits } from './port-visits.ts';
import { PresentBridge, presentRoutes } from './present-bridge.ts';
import type { ConfigOrigin } from './setup-target.ts';
import { statisticsAccess } from './statistics-access.ts';

interface RunBridgeOptions {
  readonly file: string | undefined;
  /** From the command line, by key path. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Gets to know those of the configuration. */
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

/** Runs the bridge until `signal` is aborted. Error `config` before anything is opened. */
export async function runBridge({
  file,
  given,
  environment,
  version,
  err,
  secrets,
  signal,
}: RunBridgeOptions): Promise<void> {
  const loaded = loadConfig({
    file,
    environment,
    overrides: given,
  });
  const { config, isAddon } = loaded;
  for (const secret of [...secretsOf(config), environment.SUPERVISOR_TOKEN ?? '']) secrets.add(secret);
  const tail = new LogTail();
  const logger = createLogger({
    ...config.log,
    stream: err,
    secrets,
    tail,
    words: keyWords(loaded),
    paint: paintFor(err, environment),
    names: config.meters.map(({ name }) => name),
  });
  logger.info(`multical2mqtt ${version}, ${introduction(loaded)}`);
  logger.debug('configuration', { config: redactConfig(config) });
  const zone = zoneAdvice(config, environment.TZ, new Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (zone !== undefined) logger.info(zone);
  if (isAddon && config.meters.length === 0) logger.warn(NO_METER);
  for (const advice of config.meters.map(scheduleAdvice)) if (advice !== undefined) logger.warn(advice);
  for (const advice of loaded.advice) logger.warn(advice);

  const startedAt = computerClock.now();
  const { dataDir } = config;
  let watched: PresentBridge | undefined;
  const stuck = (): readonly string[] => watched?.stuck ?? [];
  const lock = new DataLock({ dataDir, stuck, clock: computerClock, logger });
  await lock.claim();
  try {
    const recorder = isAddon || config.web.enabled ? await historyRecorder(config, logger) : undefined;
    const shelf = config.history.meterLog ? await logShelfOf(config, recorder, logger) : undefined;
    const make = (from: LoadedConfig): Promise<Bridge> =>
      Bridge.make({
        ...surroundedBy(from, environment, secrets),
        version,
        logger,
        recorder,
        logs: shelf && { shelf, access: statisticsAccess(from, environment) },
        showsLine: recorder !== undefined,
        since: startedAt,
      });
    const present = new PresentBridge(await make(loaded), config);
    watched = present;
    const page = await pageOf(loaded, {
      ...{ present, recorder, version, startedAt, tail, stuck, logger },
      origin: { file, environment, overrides: given },
      renew: (next) => {
        for (const secret of secretsOf(next.config)) secrets.add(secret);
        // What was made once for this process stays as it is until the next one.
        const kept = { ...next.config, dataDir, web: config.web, history: config.history };
        return present.renew(kept, (changed) => make({ ...next, config: changed }));
      },
    });
    const desk = new PortDesk({ dataDir, lender: present, clock: computerClock, logger });
    recorder?.start();
    present.start();
    page?.web.start();
    await desk.start();
    await untilAborted(signal);
    logger.info('Stopping');
    // What they cost is booked while somebody books.
    await Promise.all([desk.stop(), page?.visits.stop()]);
    await Promise.all([present.stop(), page?.web.stop()]);
    recorder?.stop();
  } finally {
    await lock.release();
  }
  logger.info('Stopped');
}

/** What a bridge gets to know of where it runs. */
function surroundedBy(
  loaded: LoadedConfig,
  environment: RunBridgeOptions['environment'],
  secrets: Secrets,
): Pick<BridgeOptions, 'config' | 'brokerSource' | 'surroundings' | 'ownLanguage' | 'page'> {
  const { config, isAddon, ownLanguage } = loaded;
  const brokerSource = asksSupervisor(loaded) ? offeredBroker(environment, config.mqtt, secrets) : undefined;
  return isAddon
    ? { config, brokerSource, surroundings: surroundingsOf(environment), ownLanguage }
    : { config, brokerSource, page: pageAddress(config.web, thisMachine) };
}

/** Its code is loaded only where a page shows what it keeps. */
async function historyRecorder(config: Config, logger: Logger): Promise<HistoryRecorder> {
  const { HistoryRecorder } = await import('../history/recorder.ts');
  return new HistoryRecorder({ ...historyFile(config), clock: computerClock, logger });
}

/** The same, where the meters are asked for what they wrote down. */
async function logShelfOf(
  config: Config,
  recorder: HistoryRecorder | undefined,
  logger: Logger,
): Promise<LogShelf> {
  const { LogShelf } = await import('../history/log-shelf.ts');
  return new LogShelf({ ...historyFile(config), recorder, clock: computerClock, logger });
}

function historyFile({ dataDir, history }: Config): { readonly file: string; readonly mostBytes: number } {
  return { file: join(dataDir, 'history.db'), mostBytes: history.maxMegabytes * 1_000_000 };
}

/** Its code is loaded only where it is wanted. */
async function pageOf(
  { config, isAddon }: LoadedConfig,
  parts: {
    readonly present: PresentBridge;
    readonly recorder: HistoryRecorder | undefined;
    readonly version: string;
    readonly startedAt: number;
    readonly tail: LogTail;
    readonly stuck: () => readonly string[];
    readonly logger: Logger;
    readonly origin: ConfigOrigin;
    readonly renew: (loaded: LoadedConfig) => Promise<void>;
  },
): Promise<{ readonly web: WebServer; readonly visits: PortVisits } | undefined> {
  const { present, recorder, logger } = parts;
  if (recorder === undefined || (!isAddon && !config.web.enabled)) return undefined;
  const [{ pageServer }, { PageState }, { BridgeHistory }, { meterRoutes }, { toolRoutes }, { PortVisits }] =
    await Promise.all([
      import('./page.ts'),
      import('./page-state.ts'),
      import('./history-source.ts'),
      import('./meter-routes.ts'),
      import('./tool-routes.ts'),
      import('./port-visits.ts'),
    ]);
  const clock = computerClock;
  const usesPassword = !isAddon && doorOf(config.web) === 'locked';
  const history = new BridgeHistory({
    recorder,
    meters: () => present.config.meters,
    publishedUnits: (name) => present.unitsOf(name),
    latest: (name) => present.latestOf(name),
  });
  const state = new PageState({ ...parts, usesPassword, accounts: history, clock });
  const visits = new PortVisits({ lender: present, clock, logger });
  const further = [
    ...presentRoutes(present, (bridge, meters) => meterRoutes(bridge, meters, { clock, logger })),
    ...toolRoutes({ ...parts, isAddon, visits, clock }),
  ];
  const web = pageServer({ ...parts, config, isAddon, state, history, further, clock });
  return { web, visits };
}

/** A container that was told no time zone has UTC. Whoever wants that says so. `system`: the zone that we have. */
export function zoneAdvice(
  { meters, log }: Pick<Config, 'meters' | 'log'>,
  told: string | undefined,
  system: string,
): string | undefined {
  const isUsed = log.timezone === '' || meters.some(({ timezone }) => timezone === '');
  if (told || !isUsed || !UTC.includes(system)) return undefined;
  return 'Times are in UTC, because this machine has no other time zone: days and schedules begin by it. Where that is not meant, set the variable TZ, such as TZ=Europe/Copenhagen; TZ=UTC says that it is';
}

const UTC = ['UTC', 'Etc/UTC', 'Etc/UCT', 'GMT', 'Etc/GMT'];

const NO_METER =
  'No meter yet: open the tab Configuration of this add-on, choose the device or give the network address under "Meter", save, and restart the add-on; or open its page, which finds the meter, and reads it at once';

function asksSupervisor({ config, isAddon, namesBroker }: LoadedConfig): boolean {
  return isAddon && config.mqtt.enabled && !namesBroker;
}

function introduction(loaded: LoadedConfig): string {
  const { config, file } = loaded;
  const named = asksSupervisor(loaded)
    ? 'the one that Home Assistant offers'
    : brokersIn(config.mqtt)
        .map(({ url }) => url)
        .join(', ');
  const broker = config.mqtt.enabled ? named : 'none';
  const meters = config.meters.map(
    ({ name, port, schedule }) => `${name} at ${port} (${scheduleText(schedule)})`,
  );
  return `configuration ${file ?? 'from the environment'}, broker ${broker}, meters: ${meters.join(', ') || 'none'}`;
}
