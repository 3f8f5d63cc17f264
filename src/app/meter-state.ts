import { labelIn } from '../catalogue/labels/label-in.ts';
import { LANGUAGES, type Language, textsIn } from '../catalogue/texts/languages.ts';
import type { InfoTexts } from '../catalogue/texts/texts.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { MeterModel } from '../meter/identification.ts';
import type { MeterStatus } from '../meter/meter.ts';
import { scheduleText } from '../meter/schedules.ts';
import { convertReading } from '../readings/conversion.ts';
import { glanceReadings } from '../readings/glance.ts';
import { SEPARATOR } from '../readings/info-stage.ts';
import { isNumber, type Reading, readingValueText } from '../readings/reading.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { MeterState, Value } from '../web/api.ts';
import { type Accounts, finelyCounted, todayOf } from './today.ts';

/** What follows from the moment, and not from the meter. */
export interface Moment {
  readonly now: number;
  readonly nextReading: number | null;
  /** When the day began at the meter; undefined while the time is not known. */
  readonly midnight: number | undefined;
}

export function meterState(
  config: MeterConfig,
  status: MeterStatus,
  { now, nextReading, midnight }: Moment,
  language: Language,
  accounts: Accounts,
): MeterState {
  const { meter, online, diagnostics, latest, busyFor, progress } = status;
  return {
    name: config.name,
    port: config.port,
    serialNumber: meter?.serialNumber ?? null,
    model: meter?.model ? modelIn(language, meter.model) : null,
    kind: meter?.kind ?? null,
    mainsPowered: config.mainsPowered || meter?.mainsPowered === true,
    schedule: scheduleText(config.schedule),
    online: online ?? null,
    reading: busyFor > 0 ? { since: Math.round(now - busyFor), ...progress } : null,
    readingLog: status.logProgress ?? null,
    lastReading: diagnostics.lastSuccessfulReading,
    nextReading,
    lastError: diagnostics.lastError,
    problems: problemsOf(latest, language),
    glance: valuesOf(asPublished(config.name, glanceOf(latest), accounts), language),
    today: todayOf({ config, serialNumber: meter?.serialNumber, latest, midnight }, language, accounts),
  };
}

/** Several that it may be are listed in English. */
function modelIn(language: Language, { name, isOneOfSeveral }: MeterModel): string {
  if (!isOneOfSeveral || language === 'en') return name;
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(name.split(/, | or /));
}

/** Without those that are not known, which have no value to show. */
export function valuesOf(latest: readonly Reading[], language: Language): readonly Value[] {
  return latest.flatMap((reading) => {
    const { quantity, label, unit, readAt } = reading;
    const value = readingValueText(reading.value);
    return value === null
      ? []
      : [{ quantity, label: labelIn(language, quantity, label), value, unit, readAt }];
  });
}

/** In the units that other places have them in: nobody wonders which of two numbers is right. */
export function asPublished(
  name: string,
  readings: readonly Reading[],
  accounts: Accounts,
): readonly Reading[] {
  return readings.map((reading) => convertReading(reading, accounts.publishedUnit(name, reading)) ?? reading);
}

/** A total goes with its fine one, and the clock's hand with nothing. */
function glanceOf(latest: readonly Reading[]): readonly Reading[] {
  const seen = glanceReadings(latest).filter(isNumber);
  const fine = seen.flatMap(({ quantity }) =>
    latest.filter((one) => one.quantity === finelyCounted({ quantity })),
  );
  return [...fine.filter(isNumber), ...seen];
}

/** What the meter complains of, put from the language that it was published in into the one asked for. */
function problemsOf(latest: readonly Reading[], language: Language): readonly string[] {
  const message = latest.find(({ nature }) => nature === 'message');
  const text = message === undefined ? null : readingValueText(message.value);
  if (text === null || text === '') return [];
  const none = new Set(LANGUAGES.map((one) => textsIn(one).noError));
  return none.has(text) ? [] : text.split(SEPARATOR).map((part) => translated(part, language));
}

function translated(part: string, language: Language): string {
  for (const from of LANGUAGES)
    for (const [name, template] of Object.entries(textsIn(from))) {
      const given = filledWith(template, part);
      if (given !== undefined)
        return textsIn(language)[name as keyof InfoTexts].replace(/\{\w+\}/, () => given);
    }
  return part;
}

/** What stands in `part` for the blank of `template`; empty where it has none, undefined where it is another text. */
function filledWith(template: string, part: string): string | undefined {
  const [before = '', after] = template.split(/\{\w+\}/);
  if (after === undefined) return template === part ? '' : undefined;
  const isIt = part.length > before.length + after.length && part.startsWith(before) && part.endsWith(after);
  return isIt ? part.slice(before.length, part.length - after.length) : undefined;
}

/** Another one whenever `meterState` may give something else, apart from the language; cheap, for a thousand meters. */
export function signatureOf(status: MeterStatus, { now, nextReading, midnight }: Moment): string {
  const { online, diagnostics, busyFor, progress, logProgress, revision, meter } = status;
  const { lastSuccessfulReading, lastError } = diagnostics;
  const running = busyFor > 0 ? `${progress.asked}/${progress.of}` : '';
  return [
    revision,
    meter?.model?.name,
    online,
    lastSuccessfulReading,
    lastError,
    running,
    logProgress === undefined ? '' : Object.values(logProgress).join('/'),
    nextReading,
    midnight,
    isWallTime(now),
  ].join('|');
}
