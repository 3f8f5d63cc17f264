import { meterDeviceId } from '../outputs/home-assistant/discovery.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Entity } from './answers.ts';
import {
  type Ask,
  type HomeAssistantAccess,
  HomeAssistantConnection,
  type LoanOptions,
} from './connection.ts';
import { planCost } from './cost-plan.ts';
import { costOf, type KnownPrice } from './costs.ts';
import { countedRows, HOUR, isSame } from './hour-row.ts';
import {
  type ImportJob,
  isEmpty,
  type JobOptions,
  jobOf,
  jobOfPlan,
  remembered,
  reportOf,
  rowsAfter,
} from './import-job.ts';
import { ImportMemory } from './import-memory.ts';
import type { LoggedHistory } from './points.ts';
import { Recorder } from './recorder.ts';
import { type ImportReport, reportLines, type StatisticReport } from './report.ts';
import { type Target, targetsIn } from './targets.ts';

export interface ImportOptions extends LoanOptions {
  /** Where it is remembered what was brought in. */
  readonly dataDir: string;
  /** Only tells what would be done. */
  readonly dryRun?: boolean;
  /** Rows of Home Assistant's own give way where the meter's log says something else. */
  readonly replace?: boolean;
  /** Nobody asks for it now: what somebody has taken back stays out. */
  readonly byItself?: boolean;
  /** For costs of the past, where Home Assistant has no fixed price. */
  readonly price?: KnownPrice | undefined;
}

/** The hour that runs and the one before are the recorder's: a row there costs every entity an hour (seen in Core 2026.11). */
const HOURS_LEFT = 2;

/**
 * Brings what a meter wrote down into the statistics of its entities in Home Assistant: where those have nothing, without a
 * jump, and as often as one likes. A run that was cut short is finished by the next one. Error `failed`, in words.
 */
export function importHistory(
  access: HomeAssistantAccess,
  history: LoggedHistory,
  options: ImportOptions,
): Promise<ImportReport> {
  return HomeAssistantConnection.lend(access, options, (ask) => importThrough(ask, history, options));
}

/** Over a connection that there is. */
export async function importThrough(
  ask: Ask,
  history: LoggedHistory,
  options: ImportOptions,
): Promise<ImportReport> {
  const memory = new ImportMemory(options.dataDir);
  const run = new ImportRun(ask, history, options, memory);
  return options.dryRun === true
    ? run.plan().then(({ report }) => report)
    : memory.alone(() => run.bringIn());
}

class ImportRun {
  private readonly ask: Ask;
  private readonly history: LoggedHistory;
  private readonly options: ImportOptions;
  private readonly memory: ImportMemory;
  private readonly recorder: Recorder;

  constructor(ask: Ask, history: LoggedHistory, options: ImportOptions, memory: ImportMemory) {
    this.ask = ask;
    this.history = history;
    this.options = options;
    this.memory = memory;
    this.recorder = new Recorder(ask, options);
  }

  async bringIn(): Promise<ImportReport> {
    const before = this.memory.read();
    const { serialNumber, name } = this.history;
    const device = meterDeviceId(serialNumber);
    if (this.options.byItself === true && before.takenBack.includes(device))
      return { statistics: [], lines: [`${name}: ${STAYS_OUT}`] };
    const { jobs, report } = await this.plan();
    const wanted = jobs.filter((job) => !isEmpty(job));
    if (wanted.length === 0) return report;
    const added = wanted.map((job) => [job.key, remembered(job, before.statistics[job.key])] as const);
    await this.memory.write({
      statistics: { ...before.statistics, ...Object.fromEntries(added) },
      takenBack: before.takenBack.filter((id) => id !== device),
    });
    for (const job of wanted) await this.carryOut(job);
    return report;
  }

  async plan(): Promise<{ readonly jobs: readonly ImportJob[]; readonly report: ImportReport }> {
    if (!(await this.recorder.isIdle()))
      throw new Multical2MqttError('failed', "Home Assistant's recorder is busy. Try again later.");
    const { clock, replace = false, dryRun = false } = this.options;
    const last = Math.floor(clock.now() / HOUR) * HOUR - HOURS_LEFT * HOUR;
    const jobs: ImportJob[] = [];
    const missing: StatisticReport[] = [];
    for (const { target, key, entity } of await this.wanted()) {
      const metadata = (await this.recorder.metadata([entity.entity_id])).get(entity.entity_id);
      if (metadata === undefined) {
        missing.push(nothingOf(target, entity));
        continue;
      }
      const job = await jobOf(this.recorder, key, target, metadata, { last, replace });
      jobs.push(job);
      const cost = target.kind === 'total' ? await this.costJob(job, { last, replace }) : undefined;
      if (cost !== undefined) jobs.push(cost);
    }
    const statistics = [...jobs.map((job) => reportOf(job, this.history)), ...missing];
    const { name, timezone } = this.history;
    return { jobs, report: { statistics, lines: reportLines(name, statistics, dryRun, timezone) } };
  }

  /** What the log has something for, and Home Assistant an entity that is not switched off. */
  private async wanted() {
    const entities = await this.recorder.entities();
    return targetsIn(this.history).flatMap((target) => {
      const key = `${meterDeviceId(this.history.serialNumber)}_${target.quantity}`;
      const entity = entities.get(key);
      return entity === undefined || entity.disabled_by !== null ? [] : [{ target, key, entity }];
    });
  }

  private async costJob(job: ImportJob, { last }: JobOptions): Promise<ImportJob | undefined> {
    const { metadata, quantity } = job;
    const unit = metadata.statistics_unit_of_measurement ?? '';
    const known = this.options.price;
    const cost = await costOf(this.ask, { id: metadata.statistic_id, quantity, unit, known });
    if (cost === undefined) return undefined;
    const ofCost = (await this.recorder.metadata([cost.statistic])).get(cost.statistic);
    if (ofCost === undefined) return undefined;
    const key = `${job.key} cost`;
    const own = countedRows(await this.recorder.rows(ofCost, 'hour'));
    const moments = countedRows(await this.recorder.rows(ofCost, '5minute'));
    const plan = planCost({
      ...{ amounts: rowsAfter(job), moments: job.moments, last, price: cost.price },
      costs: own.length > 0 ? own : moments,
      imported: new Set(this.memory.read().statistics[key]?.rows.map(([start]) => start)),
    });
    return jobOfPlan({ key, quantity, kind: 'cost', metadata: ofCost }, { own, moments }, plan);
  }

  private async carryOut(job: ImportJob): Promise<void> {
    const { metadata, rows, shift } = job;
    await this.recorder.write(metadata, rows);
    const comes = async (shifted: number): Promise<void> => {
      if (await this.recorder.comesTrue(() => this.isThere(job, shifted))) return;
      throw notShown(metadata.statistic_id);
    };
    await comes(0);
    if (shift === undefined) return;
    await this.recorder.shift(metadata, shift.from, shift.by);
    await comes(shift.by);
  }

  /** Each row that was sent, with its sum as a shift leaves it. */
  private async isThere({ metadata, rows, shift }: ImportJob, shifted: number): Promise<boolean> {
    const since = Math.min(
      rows[0]?.start ?? Number.POSITIVE_INFINITY,
      shift?.from ?? Number.POSITIVE_INFINITY,
    );
    const now = await this.recorder.rows(metadata, 'hour', since);
    const there = new Map(now.map((row) => [row.start, row]));
    const from = shift === undefined ? undefined : there.get(shift.from);
    if (shift !== undefined && !isSame(from?.sum ?? Number.NaN, shifted - shift.by)) return false;
    return rows.every(({ start = 0, state, mean, sum }) => {
      const row = there.get(start);
      if (typeof state !== 'number') return isSame(row?.mean ?? Number.NaN, mean ?? Number.NaN);
      return isSame(row?.state ?? Number.NaN, state) && isSame(row?.sum ?? Number.NaN, (sum ?? 0) + shifted);
    });
  }
}

/** Why nothing is brought in yet: they begin by themselves. */
export const NO_STATISTICS =
  'Home Assistant has no statistics of it yet: they begin some minutes after its first reading';

const STAYS_OUT =
  'nothing is brought into Home Assistant by itself since it was taken back; "multical2mqtt history --home-assistant" brings it in again.';

function nothingOf({ quantity, kind, points }: Target, { entity_id }: Entity): StatisticReport {
  const leftAlone = [{ count: points.length, why: NO_STATISTICS }];
  const nothing = { unit: '', rows: 0, replaced: 0, first: null, last: null, days: [] };
  return { statistic: entity_id, quantity, kind, leftAlone, ...nothing };
}

function notShown(statistic: string): Multical2MqttError {
  const message = `Home Assistant has taken the rows of ${statistic}, but does not show them. Look into its log, and do the same again: it goes on where it was.`;
  return new Multical2MqttError('failed', message);
}
