import { existsSync } from 'node:fs';
import type { Answers, MeterAnswers } from '../../setup/answers.ts';
import { brokerIn, metersIn, nameOf } from '../../setup/plan.ts';
import { faultsOf, isWritten, keptAs, save, shown } from '../../setup/save.ts';
import { askForBroker } from './broker-questions.ts';
import { askForMeter } from './meter-questions.ts';
import { askForOutputs } from './output-questions.ts';
import { type Conversation, contentOf, keep } from './sitting.ts';

/** Asks for all that is missing, or what is to change; resolves when the configuration is written. */
export async function converse(it: Conversation): Promise<void> {
  const { talk, target, answers, draft } = it;
  talk.title('Setting up multical2mqtt');
  if (existsSync(draft.path)) await takeUp(it);
  const isFirst = target.from === null || metersIn(target.current).length === 0;
  talk.say(
    isFirst
      ? `Ctrl+C leaves at any time and keeps what was said. The configuration will be ${target.path}.`
      : `There is a configuration: ${target.from}. What is not asked about stays as it is.`,
  );
  if (isFirst && answers.meters.length === 0) answers.meters.push({ of: null });
  // What was begun, by flags or before, comes to its end first.
  for (const meter of answers.meters) await askForMeter(it, meter);
  if (isFirst || answers.broker !== undefined) await askForBroker(it);
  if (isFirst) await askForOutputs(it);
  else await change(it);
  while (!(await written(it))) await change(it);
  it.isWritten = true;
  draft.remove();
}

async function takeUp({ talk, draft, answers }: Conversation): Promise<void> {
  const kept = draft.read();
  if (kept === undefined) return draft.remove();
  // Whoever leaves here has said nothing against it.
  let goesOn: 'on' | 'anew' = 'on';
  try {
    goesOn = await talk.choose('A set-up was left before its end.', [
      { value: 'on', label: 'Go on there' },
      { value: 'anew', label: 'Begin anew' },
    ]);
  } finally {
    if (goesOn === 'on') goOn(answers, kept);
    else draft.remove();
  }
}

function goOn(answers: Answers, kept: Answers): void {
  // What flags say now counts more.
  if (answers.meters.length === 0) answers.meters.push(...kept.meters);
  answers.broker ??= kept.broker;
  answers.outputs = { ...kept.outputs, ...answers.outputs };
  answers.outputsSettled ??= kept.outputsSettled;
}

/** A menu, until there is nothing more to change. */
async function change(it: Conversation): Promise<void> {
  const { talk, answers } = it;
  for (;;) {
    const content = contentOf(it);
    const meters = metersIn(content).map((meter) => ({ name: nameOf(meter), port: String(meter.port) }));
    const url = brokerIn(content)?.enabled === false ? 'none' : String(brokerIn(content)?.url ?? 'none yet');
    const choice = await talk.choose('What is to change?', [
      { value: 'nothing', label: 'Nothing more' },
      ...meters.map(({ name, port }) => ({ value: `meter ${name}`, label: `The meter ${name}`, hint: port })),
      { value: 'add', label: 'Add a meter' },
      { value: 'broker', label: 'The broker', hint: url },
      { value: 'outputs', label: 'Other outputs' },
    ]);
    if (choice === 'nothing') return;
    if (choice === 'broker') {
      answers.broker = {};
      await askForBroker(it);
    } else if (choice === 'outputs') {
      answers.outputsSettled = false;
      await askForOutputs(it);
    } else await askForMeter(it, begun(it, choice === 'add' ? null : choice.slice('meter '.length)));
    keep(it);
  }
}

/** All questions about a meter anew. `name`: as it is called by now; null: it is added. */
function begun({ answers }: Conversation, name: string | null): MeterAnswers {
  const at = name === null ? -1 : answers.meters.findIndex((meter) => meter.name === name);
  const old = answers.meters[at];
  const meter: MeterAnswers = { of: old === undefined ? name : old.of };
  if (old === undefined) answers.meters.push(meter);
  else answers.meters[at] = meter;
  return meter;
}

/** Shows what will be written, and writes it if that is wanted. */
async function written(it: Conversation): Promise<boolean> {
  const { talk, target } = it;
  const content = contentOf(it);
  const faults = faultsOf(target.path, content);
  if (faults.length > 0) {
    talk.warn(`This would not work:\n${faults.join('\n')}`);
    return false;
  }
  if (isWritten(target, content)) {
    save(target, content);
    talk.done(`Nothing to change in: ${target.path}`);
    return true;
  }
  talk.say(`This will be written to ${target.path}, for nobody else to read:`);
  talk.show(shown(content));
  const kept = keptAs(target, content);
  if (kept !== undefined) talk.say(`Comments cannot stay; the file as it is now is kept as ${kept}.`);
  if (!(await talk.agreed('Write it?', true))) return false;
  save(target, content);
  talk.done(`Written: ${target.path}`);
  return true;
}
