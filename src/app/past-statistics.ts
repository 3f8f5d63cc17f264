import type { LogStore } from '../history/log-store.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { MeterIdentity } from '../meter/publisher.ts';
import type { Deps } from '../shared/deps.ts';
import { sentenceOf } from '../shared/errors.ts';
import { Trouble } from '../shared/trouble.ts';
import type { HomeAssistantAccess } from '../statistics/connection.ts';
import { pastPrice } from './past-price.ts';

interface PastStatisticsOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly access: HomeAssistantAccess;
  readonly configs: readonly Pick<MeterConfig, 'name' | 'timezone' | 'price' | 'units'>[];
  readonly dataDir: string;
  /** In which the meter's quantities were published last. */
  readonly unitsOf: (serialNumber: string) => Readonly<Record<string, string>>;
}

/** Brings what meters wrote down into Home Assistant's statistics, one meter after the other, and says what keeps it from that. */
export class PastStatistics {
  private readonly options: PastStatisticsOptions;
  private readonly trouble: Trouble;
  private readonly stopping = new AbortController();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: PastStatisticsOptions) {
    this.options = options;
    this.trouble = new Trouble(options, { isState: true });
  }

  /** Cuts short what is being brought in: the next run finishes it. */
  stop(): void {
    this.stopping.abort();
    this.trouble.stop();
  }

  /** False where it has to be tried again. */
  bring(meter: MeterIdentity, logs: LogStore): Promise<boolean> {
    const turn = this.queue.then(() => this.bringNow(meter, logs));
    this.queue = turn.catch(() => {});
    return turn;
  }

  private async bringNow({ name, serialNumber }: MeterIdentity, logs: LogStore): Promise<boolean> {
    const { access, configs, dataDir, unitsOf, clock, logger } = this.options;
    const config = configs.find((each) => each.name === name);
    // Its code is loaded only where it is wanted.
    const { importHistory, NO_STATISTICS } = await import('../statistics/import.ts');
    const rows: Parameters<typeof importHistory>[1]['rows'] = (of) => logs.rows(serialNumber, of);
    const newest = logs.newest(serialNumber, 'day');
    const price = config && pastPrice(config, newest, unitsOf(serialNumber));
    try {
      const history = { serialNumber, name, timezone: config?.timezone ?? '', rows };
      const { signal } = this.stopping;
      const report = await importHistory(access, history, { clock, signal, dataDir, price, byItself: true });
      this.trouble.over(() => `What the meters wrote down can be brought into Home Assistant again`);
      if (report.statistics.some((statistic) => statistic.rows > 0))
        for (const line of report.lines) logger.info(line);
      return !report.statistics.some(({ leftAlone }) => leftAlone.some(({ why }) => why === NO_STATISTICS));
    } catch (error) {
      if (this.stopping.signal.aborted) return false;
      const text = `${name}: what the meter wrote down could not be brought into Home Assistant: ${sentenceOf(error)} It is tried again later.`;
      this.trouble.met('warn', logger.withoutSecrets(text), 'not-brought');
      return false;
    }
  }
}
