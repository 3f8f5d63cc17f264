import { PROFILES, sharedProfile } from '../catalogue/families.ts';
import type { MeterModelName } from '../catalogue/family.ts';
import type { LoggerName } from '../catalogue/loggers.ts';
import { readableLoggers } from '../catalogue/logs.ts';
import { PAST_REGISTERS } from '../catalogue/past-registers.ts';
import type { MeterType } from '../kmp/messages.ts';
import { logAccess } from '../link/log-access.ts';
import { LogMemory } from '../loggers/log-memory.ts';
import type { LogReading, LogWalkResult } from '../loggers/log-reading.ts';
import { readLogs } from '../loggers/read-logs.ts';
import type { StampedBatch } from '../meter/ask.ts';
import { identifyModel, type MeterModel, modelOf } from '../meter/identification.ts';
import { answersOf, resultOf, whoIsIt } from '../meter/identified-meter.ts';
import { describeMeter, evidenceIn, tellingModel } from '../meter/meter-description.ts';
import { certainModel } from '../outputs/output.ts';
import { computerClock } from '../shared/release.ts';
import { type OneShot, type OneShotOptions, withMeter } from './one-shot.ts';
import type { TakenReading } from './reading-formats.ts';

interface Asked {
  readonly serialNumber: string;
  /** Null where nothing that it answered tells. */
  readonly model: MeterModel | null;
}

/** What came of asking a meter for its logs. */
export type AskedLogs =
  | (Asked & { readonly results: readonly LogWalkResult[] })
  /** Of a meter whose log cannot be read: what its registers still tell. */
  | (Asked & { readonly past: TakenReading });

/** `of`: what is wanted of the meter with this serial number, whose family keeps these logs. */
export function askForLogs(
  options: OneShotOptions,
  timezone: string,
  of: (serialNumber: string, readable: readonly LoggerName[]) => LogReading,
): Promise<AskedLogs> {
  return withMeter(options, async (meter) => {
    const { session, client, addressee, visit, endsInOrder } = meter;
    const { serialNumber, type } = await whoIsIt(meter);
    const { models, batches } = await familyOf(meter, type, options.model);
    const { kind, details = 'heat', logDialect } = sharedProfile(models);
    const model = modelOf(identifyModel(evidenceIn(type, batches), options.model));
    const asked = { serialNumber, model };
    if (logDialect === undefined || logDialect === null) {
      const answers = await answersOf(meter, PAST_REGISTERS[kind ?? 'heat']);
      const { readings, readAt } = resultOf(answers);
      const description = describeMeter(serialNumber, type, batches, options.model);
      return {
        ...asked,
        past: { meter: description, certainModel: certainModel({ model }), readAt, readings },
      };
    }
    const source = { access: logAccess(logDialect, addressee), client, memory: new LogMemory() };
    endsInOrder();
    const results = await readLogs(
      { ...source, visit: (use) => use(session), clock: computerClock },
      { serialNumber, details, timezone },
      of(serialNumber, [...new Set(models.flatMap((each) => readableLoggers(PROFILES[each].log)))]),
    );
    // A port that the bridge took back looks like one that went away.
    const takenBack = visit.problem;
    return { ...asked, results: takenBack ? results.map((result) => endedBy(result, takenBack)) : results };
  });
}

function endedBy(result: LogWalkResult, { message }: Error): LogWalkResult {
  return result.isComplete ? result : { ...result, reason: message };
}

/** The families that the meter may be of. It is asked no more than it takes to know how its log is read. */
async function familyOf(
  meter: OneShot,
  type: MeterType | null,
  configured: OneShotOptions['model'],
): Promise<{ readonly models: readonly MeterModelName[]; readonly batches: readonly StampedBatch[] }> {
  let batches: readonly StampedBatch[] = [];
  for (;;) {
    const { models } = identifyModel(evidenceIn(type, batches), configured);
    const ids = sharedProfile(models).logDialect === undefined ? tellingModel(type, batches) : [];
    if (ids.length === 0) return { models, batches };
    batches = [...batches, ...(await answersOf(meter, ids))];
  }
}
