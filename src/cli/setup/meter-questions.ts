import { meterKeys } from '../../meter/config.ts';
import { FILE_AUDIENCE, renderText } from '../../schema/fault.ts';
import type { MeterAnswers, Mounting, Powering } from '../../setup/answers.ts';
import {
  batteryWords,
  mountingAt,
  proposedName,
  proposedPowering,
  proposedSchedule,
  scheduleChoices,
} from '../../setup/decisions.ts';
import { meterNamed, metersIn, nameOf } from '../../setup/plan.ts';
import { askForHead } from './port-questions.ts';
import { type Conversation, contentOf, keep } from './sitting.ts';

/** What is still missing of one meter. */
export async function askForMeter(it: Conversation, meter: MeterAnswers): Promise<void> {
  const { talk, target } = it;
  const present = meterNamed(target.current, meter.of);
  await askForHead(it, meter);
  const port = meter.port ?? '';
  const seen = meter.seen ?? undefined;
  if (meter.name === undefined) {
    const taken = otherNames(it, meter);
    const proposal = meter.of ?? proposedName(seen?.kind ?? null, taken);
    meter.name = await talk.text({
      message: 'What do you call this meter?',
      proposal,
      fault: (text) => nameFault(text, taken),
    });
    keep(it);
  }
  if (meter.powering === undefined) {
    const usual = present === undefined ? proposedPowering(seen?.kind ?? null) : poweringOf(present);
    meter.powering = await talk.choose<Powering>(
      'What does it run on?',
      [
        { value: 'battery', label: 'Its own battery', hint: 'most heat and water meters' },
        { value: 'mains', label: 'Mains power', hint: 'a reading costs no battery' },
      ],
      usual,
    );
    keep(it);
  }
  meter.mounting ??= mountingAt(port);
  if (meter.mounting === undefined) {
    meter.mounting = await talk.choose<Mounting>('How does the head sit?', [
      { value: 'fixed', label: 'It stays on the meter', hint: 'glued, or held by its magnet' },
      { value: 'held', label: 'It is clipped on for a while now and then' },
    ]);
    keep(it);
  }
  if (meter.schedule !== undefined) return;
  meter.schedule = await askForSchedule(it, meter, present?.schedule);
  keep(it);
  if (meter.schedule !== undefined) talk.say(batteryWords(meter.name, meter.schedule, meter.powering));
}

async function askForSchedule(
  { talk }: Conversation,
  { powering = 'battery', mounting = 'fixed', seen }: MeterAnswers,
  present: unknown,
): Promise<string> {
  const { preset: proposed, why } = proposedSchedule({ powering, mounting, seen: seen ?? undefined });
  const choices = scheduleChoices(powering).map(({ preset, words, readingsADay }) => ({
    value: preset,
    label: `${preset}: ${words}`,
    hint: `${readingsADay} readings a day${preset === proposed ? `; proposed: ${why}` : ''}`,
  }));
  // As flags and variables write several.
  const now = Array.isArray(present) ? present.join('; ') : present;
  const own = typeof now === 'string' && !choices.some(({ value }) => value === now) ? [now] : [];
  const all = [...own.map((value) => ({ value, label: `as it is now: ${value}` })), ...choices];
  const initial = typeof now === 'string' ? now : proposed;
  return talk.choose('How often is it to be read?', all, initial);
}

function poweringOf({ mainsPowered }: Readonly<Record<string, unknown>>): Powering {
  return mainsPowered === true ? 'mains' : 'battery';
}

/** Names that this meter may not have. */
export function otherNames(
  sitting: Pick<Conversation, 'target' | 'answers'>,
  meter: MeterAnswers,
): readonly string[] {
  const others = { meters: sitting.answers.meters.filter((one) => one !== meter), outputs: {} };
  const content = contentOf({ ...sitting, answers: others } as Conversation);
  return metersIn(content)
    .map(nameOf)
    .filter((name) => name !== meter.of);
}

/** Why a text is no name for it, as a sentence. */
export function nameFault(text: string, taken: readonly string[]): string | undefined {
  const fault = meterKeys.name.validator.fault(text);
  if (fault !== null) return `It ${renderText(fault, FILE_AUDIENCE)}.`;
  return taken.includes(text.trim()) ? 'Another meter is called so.' : undefined;
}
