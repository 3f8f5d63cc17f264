import type { Eye } from '../catalogue/eyes.ts';
import { PROFILES } from '../catalogue/families.ts';
import type { MeterKind } from '../catalogue/family.ts';
import { meterKeys } from '../meter/config.ts';
import { PRESET_ROWS, PRESETS, scheduleAdvice } from '../meter/schedules.ts';
import { readingsADay } from '../shared/schedule.ts';
import { isNetworkPort } from '../transport/open.ts';
import type { Mounting, Powering, SeenMeter } from './answers.ts';

const NAMES: Readonly<Record<MeterKind, string>> = {
  heat: 'Heat meter',
  water: 'Water meter',
  electricity: 'Electricity meter',
};

/** In the words of the house; never one that another meter has. */
export function proposedName(kind: MeterKind | null, taken: readonly string[]): string {
  const name = NAMES[kind ?? 'heat'];
  const names = [name, ...Array.from(taken, (_, index) => `${name} ${index + 2}`)];
  return names.find((one) => !taken.includes(one)) ?? name;
}

/** Electricity meters feed themselves. */
export function proposedPowering(kind: MeterKind | null): Powering {
  return kind === 'electricity' ? 'mains' : 'battery';
}

/** Undefined: the port does not tell, the person has to. */
export function mountingAt(port: string): Mounting | undefined {
  return isNetworkPort(port) ? 'gateway' : undefined;
}

interface Circumstances {
  readonly powering: Powering;
  readonly mounting: Mounting;
  /** Undefined: the meter was not seen. */
  readonly seen: SeenMeter | undefined;
}

interface ScheduleProposal {
  /** The name of a preset. */
  readonly preset: string;
  readonly why: string;
}

/** The preset for a meter: what its battery bears, and what keeps its eye awake. */
export function proposedSchedule({ powering, mounting, seen }: Circumstances): ScheduleProposal {
  const eyes = eyesOf(seen?.eye ?? []);
  if (mounting === 'held')
    return { preset: 'daily', why: 'a head that is not always there need not be tried more often' };
  if (eyes.length > 0 && eyes.every((eye) => eye.wakesBy === 'button' && eye.trafficKeepsAwake))
    return { preset: 'keep-awake', why: 'the eye of this meter falls asleep half an hour after a reading' };
  if (powering === 'mains') return { preset: 'balanced', why: 'a reading costs no battery' };
  return { preset: 'hourly', why: "it is what the maker's battery tables assume" };
}

/** Advice for a meter that answers now, and will sleep unless somebody knows what keeps it awake. */
export function advisedEyes({ eye }: SeenMeter): readonly string[] {
  return eyesOf(eye)
    .filter(({ wakesBy }) => wakesBy === 'button')
    .map(({ advice }) => advice);
}

function eyesOf(advice: readonly string[]): readonly Eye[] {
  const eyes = new Set<Eye>(Object.values(PROFILES).map(({ eye }) => eye));
  return Array.from(eyes).filter((eye) => advice.includes(eye.advice));
}

interface ScheduleChoice {
  readonly preset: string;
  readonly words: string;
  readonly readingsADay: number;
}

/** Presets that a meter with this powering may have. */
export function scheduleChoices(powering: Powering): readonly ScheduleChoice[] {
  return PRESET_ROWS.filter(([preset]) => powering === 'mains' || preset !== 'live').map(
    ([preset, cron, meaning]) => ({
      preset,
      // What comes behind that is for who reads a table.
      words: meaning.split(/[;:]/, 1)[0] ?? meaning,
      readingsADay: Math.round(readingsADay([cron])),
    }),
  );
}

/** What a schedule means for the battery, in a sentence or two. */
export function batteryWords(name: string, schedule: string, powering: Powering): string {
  const details = readingsADay([meterKeys.detailSchedule.default]);
  const readings = Math.round(readingsADay([PRESETS[schedule] ?? schedule]) + details);
  const count = `${readings} readings a day (one of them of everything, at night).`;
  if (powering === 'mains') return `${count} They cost no battery.`;
  const advice = scheduleAdvice({
    name,
    schedule,
    detailSchedule: meterKeys.detailSchedule.default,
    mainsPowered: false,
    battery: { maxReadingsPerDay: null },
  });
  if (advice === undefined && readings > 25)
    return `${count} That is more than the maker's battery tables assume (24), and what such a meter needs to stay awake.`;
  return advice === undefined
    ? `${count} The battery lasts as long as its maker says.`
    : `${count} The maker's battery tables assume 24 at most: the battery will last less long.`;
}
