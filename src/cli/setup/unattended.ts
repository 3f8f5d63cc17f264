import type { MeterAnswers } from '../../setup/answers.ts';
import { mountingAt, proposedName, proposedPowering, proposedSchedule } from '../../setup/decisions.ts';
import { missingFlags } from '../../setup/missing.ts';
import { testOutput } from '../../setup/output-test.ts';
import { meterNamed } from '../../setup/plan.ts';
import { faultsOf, isWritten, keptAs, save } from '../../setup/save.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { print } from '../io.ts';
import { loginTo } from './broker-access.ts';
import { meterWords, testMeter } from './meter-access.ts';
import { nameFault, otherNames } from './meter-questions.ts';
import { contentOf, type Sitting } from './sitting.ts';

/**
 * Does without a question what the answers say, and takes what is proposed for the rest. Error `usage` naming every flag
 * that is missing, `no-answer` where what was named does not work; nothing is written then.
 */
export async function doUnattended(
  it: Sitting,
  { yes, tests }: { readonly yes: boolean; readonly tests: boolean },
): Promise<void> {
  const { io, answers, target } = it;
  const missing = missingFlags(target, answers, { yes });
  if (missing.length > 0) throw new Multical2MqttError('usage', missingWords(missing, yes));
  for (const meter of answers.meters) await settle(it, meter, tests);
  const { broker } = answers;
  if (tests && broker?.url != null) {
    const login = await loginTo(it, broker);
    if (login.outcome === 'out') throw notWorking(login.texts);
    for (const text of login.texts) print(io.err, text);
  }
  const content = contentOf(it);
  const faults = faultsOf(target.path, content);
  if (faults.length > 0) throw new Multical2MqttError('usage', `This would not work:\n${faults.join('\n')}`);
  if (tests)
    for (const name of Object.keys(answers.outputs)) {
      const tested = await testOutput(name, target.path, content);
      if (!tested.ok) throw notWorking([`${name}: ${tested.why}`]);
    }
  const kept = keptAs(target, content);
  const isOld = isWritten(target, content);
  save(target, content);
  if (kept !== undefined) print(io.err, `Comments cannot stay; the file as it was is kept as ${kept}.`);
  print(io.out, `${isOld ? 'Nothing to change in' : 'Written'}: ${target.path}`);
}

function missingWords(missing: readonly string[], yes: boolean): string {
  const rest = yes ? '' : ' --yes takes what is proposed wherever something is.';
  return `There is nobody to ask without a terminal; missing: ${missing.join(', ')}.${rest} \`multical2mqtt setup --help\` explains each.`;
}

async function settle(it: Sitting, meter: MeterAnswers, tests: boolean): Promise<void> {
  const { io, target } = it;
  const present = meterNamed(target.current, meter.of);
  if (present !== undefined) meter.port ??= String(present.port);
  if (tests) {
    const tested = await testMeter(it, meter);
    if (!tested.ok) throw notWorking([tested.why, ...tested.advice]);
    meter.seen = tested.meter;
    print(io.err, `${meter.port} answers: ${meterWords(tested.meter)}.`);
  }
  const seen = meter.seen ?? undefined;
  const taken = otherNames(it, meter);
  if (meter.name !== undefined) {
    const fault = nameFault(meter.name, taken);
    if (fault !== undefined) throw new Multical2MqttError('usage', `--name: ${fault}`);
  }
  // What a meter of the configuration has, it keeps.
  if (present !== undefined) return;
  meter.name ??= proposedName(seen?.kind ?? null, taken);
  meter.powering ??= proposedPowering(seen?.kind ?? null);
  meter.mounting ??= mountingAt(meter.port ?? '') ?? 'fixed';
  const { powering, mounting } = meter;
  meter.schedule ??= proposedSchedule({ powering, mounting, seen }).preset;
}

function notWorking(sentences: readonly string[]): Multical2MqttError {
  const told = [...sentences, 'Nothing was written; --no-test writes all the same.'];
  return new Multical2MqttError('no-answer', told.filter((one) => one !== '').join('\n'));
}
