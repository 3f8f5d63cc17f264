import { meterDeviceId } from '../outputs/home-assistant/discovery.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Metadata } from './answers.ts';
import {
  type Ask,
  type HomeAssistantAccess,
  HomeAssistantConnection,
  type LoanOptions,
} from './connection.ts';
import { costOf } from './costs.ts';
import { isSame } from './hour-row.ts';
import { type Imported, ImportMemory } from './import-memory.ts';
import { Recorder } from './recorder.ts';
import { countOf, type ImportReport, type StatisticReport } from './report.ts';
import { planUndo, type UndoPlan } from './undo-plan.ts';

interface UndoOptions extends LoanOptions {
  /** Where it is remembered what was brought in. */
  readonly dataDir: string;
}

interface UndoneMeter {
  readonly serialNumber: string;
  readonly name: string;
}

/**
 * Takes out of Home Assistant exactly what was brought in of this meter, as far as it is still as it was. One that was cut
 * short is finished by the next one. Error `failed`, in words.
 */
export function undoImport(
  access: HomeAssistantAccess,
  meter: UndoneMeter,
  options: UndoOptions,
): Promise<ImportReport> {
  return HomeAssistantConnection.lend(access, options, (ask) => undoThrough(ask, meter, options));
}

/** Over a connection that there is. */
export async function undoThrough(ask: Ask, meter: UndoneMeter, options: UndoOptions): Promise<ImportReport> {
  const memory = new ImportMemory(options.dataDir);
  return memory.alone(() => new UndoRun(ask, meter, options, memory).takeBack());
}

class UndoRun {
  private readonly ask: Ask;
  private readonly meter: UndoneMeter;
  private readonly memory: ImportMemory;
  private readonly recorder: Recorder;

  constructor(ask: Ask, meter: UndoneMeter, options: UndoOptions, memory: ImportMemory) {
    this.ask = ask;
    this.meter = meter;
    this.memory = memory;
    this.recorder = new Recorder(ask, options);
  }

  async takeBack(): Promise<ImportReport> {
    if (!(await this.recorder.isIdle()))
      throw new Multical2MqttError('failed', "Home Assistant's recorder is busy. Try again later.");
    const { name, serialNumber } = this.meter;
    const statistics: StatisticReport[] = [];
    const lines: string[] = [];
    const device = meterDeviceId(serialNumber);
    const { statistics: known, takenBack } = this.memory.read();
    const ours = Object.entries(known).filter(([key]) => key.startsWith(`${device}_`));
    if (ours.length > 0)
      await this.memory.write({ statistics: known, takenBack: [...new Set([...takenBack, device])] });
    for (const [key, imported] of ours) {
      const label = imported.kind === 'cost' ? `cost of ${imported.quantity}` : imported.quantity;
      const metadata = await this.metadataOf(key, imported);
      if (metadata === undefined) {
        lines.push(`${name}, ${label}: Home Assistant has no such statistic any more; nothing to take back.`);
        continue;
      }
      const plan = await this.undo(imported, metadata);
      await this.forget(key);
      statistics.push(reportOf(imported, metadata, plan));
      lines.push(...linesOf(`${name}, ${label} (${metadata.statistic_id})`, plan));
    }
    if (ours.length === 0) lines.push(`${name}: nothing was brought into Home Assistant from here.`);
    return { statistics, lines };
  }

  private async undo(imported: Imported, metadata: Metadata): Promise<UndoPlan> {
    const look = async (): Promise<UndoPlan> =>
      planUndo(
        imported,
        await this.recorder.rows(metadata, 'hour'),
        await this.recorder.rows(metadata, '5minute'),
      );
    const plan = await look();
    await this.recorder.write(metadata, plan.rows);
    const isWritten = async (): Promise<boolean> => {
      const now = await this.recorder.rows(metadata, 'hour', plan.rows[0]?.start);
      const there = new Map(now.map((row) => [row.start, row]));
      return plan.rows.every(({ start = 0, state = null, mean = null }) => {
        const row = there.get(start);
        return isEqual(row?.state, state) && isEqual(row?.mean, mean);
      });
    };
    const isShifted = async (): Promise<boolean> => (await look()).shift === undefined;
    if (!(await this.recorder.comesTrue(isWritten))) throw notShown(metadata.statistic_id);
    if (plan.shift === undefined) return plan;
    await this.recorder.shift(metadata, plan.shift.from, plan.shift.by);
    if (!(await this.recorder.comesTrue(isShifted))) throw notShown(metadata.statistic_id);
    return plan;
  }

  /** Of what users may have renamed since. */
  private async metadataOf(key: string, { kind, quantity }: Imported): Promise<Metadata | undefined> {
    const [uniqueId = ''] = key.split(' ');
    const id = (await this.recorder.entities()).get(uniqueId)?.entity_id;
    if (id === undefined) return undefined;
    const cost =
      kind === 'cost' ? await costOf(this.ask, { id, quantity, unit: '', known: undefined }) : undefined;
    const statistic = kind === 'cost' ? cost?.statistic : id;
    return statistic === undefined ? undefined : (await this.recorder.metadata([statistic])).get(statistic);
  }

  private async forget(key: string): Promise<void> {
    const { statistics, takenBack } = this.memory.read();
    const { [key]: _, ...rest } = statistics;
    await this.memory.write({ statistics: rest, takenBack });
  }
}

function isEqual(one: number | null | undefined, other: number | null): boolean {
  if (typeof one !== 'number' || other === null) return (one ?? null) === other;
  return isSame(one, other);
}

function reportOf({ quantity, kind }: Imported, metadata: Metadata, { rows }: UndoPlan): StatisticReport {
  return {
    ...{ quantity, kind, leftAlone: [], days: [], replaced: 0, rows: rows.length },
    statistic: metadata.statistic_id,
    unit: metadata.statistics_unit_of_measurement ?? '',
    first: rows[0]?.start ?? null,
    last: rows.at(-1)?.start ?? null,
  };
}

function linesOf(what: string, { rows, changed, isShiftLost }: UndoPlan): readonly string[] {
  const left =
    changed === 0 ? [] : [`${what}: ${countOf(changed)} left alone: somebody has changed them since.`];
  const sums = isShiftLost
    ? [`${what}: the sums of Home Assistant's own hours are left alone: somebody has moved them since.`]
    : [];
  return [`${what}: ${countOf(rows.length)} taken back.`, ...left, ...sums];
}

function notShown(statistic: string): Multical2MqttError {
  const message = `Home Assistant was told to empty rows of ${statistic}, but still shows them. Look into its log, and do the same again: it goes on where it was.`;
  return new Multical2MqttError('failed', message);
}
