import type { OutputAnswers } from '../../setup/answers.ts';
import { faultOf, isSecret, OFFERED, type OfferedOutput, sectionOf } from '../../setup/essentials.ts';
import { testOutput } from '../../setup/output-test.ts';
import { planned } from '../../setup/plan.ts';
import { fieldsOf } from '../../shared/stored.ts';
import { type Conversation, contentOf, keep } from './sitting.ts';

const NO_MORE = 'no more';

/** Asks for the outputs besides the broker, one after the other. */
export async function askForOutputs(it: Conversation): Promise<void> {
  const { talk, answers } = it;
  while (answers.outputsSettled !== true) {
    const content = contentOf(it);
    const isOn = (name: string): boolean => fieldsOf(content[name]).enabled === true;
    const some = OFFERED.some(({ name }) => isOn(name));
    const choice = await talk.choose(
      'Are the values to go anywhere else?',
      [
        { value: NO_MORE, label: some ? 'No more' : 'No' },
        ...OFFERED.map(({ name, label }) => ({
          value: name as string,
          label,
          ...(isOn(name) && { hint: 'on; change it, or turn it off' }),
        })),
      ],
      NO_MORE,
    );
    const output = OFFERED.find(({ name }) => name === choice);
    if (output === undefined) answers.outputsSettled = true;
    else if (isOn(output.name) && !(await talk.agreed(`${output.label}: keep it on?`, true)))
      answers.outputs[output.name] = { enabled: false };
    else await askForOutput(it, output);
    keep(it);
  }
}

async function askForOutput(it: Conversation, output: OfferedOutput): Promise<void> {
  const { talk, answers, target } = it;
  const [first] = output.ways;
  const label =
    output.ways.length < 2
      ? first?.label
      : await talk.choose(
          'Which one?',
          output.ways.map((way) => ({ value: way.label, label: way.label })),
        );
  const way = output.ways.find((one) => one.label === label) ?? first;
  if (way === undefined) return;
  for (;;) {
    const texts: Record<string, string> = {};
    const present = fieldsOf(contentOf(it)[output.name]);
    for (const essential of way.essentials) {
      const { name, question, standard } = essential;
      const fault = (text: string) => faultOf(output.name, essential, text);
      const own = present[name];
      const initial = typeof own === 'string' || typeof own === 'number' ? String(own) : undefined;
      const begin =
        initial !== undefined ? { initial } : standard !== undefined ? { proposal: standard } : {};
      texts[name] = isSecret(output.name, name)
        ? await talk.secret({ message: question, fault })
        : await talk.text({ message: question, ...begin, fault });
    }
    const section: OutputAnswers = sectionOf(output, way, texts);
    const tried = { ...answers, outputs: { ...answers.outputs, [output.name]: section } };
    const tested = await talk.during(`Trying ${output.label} ...`, () =>
      testOutput(output.name, target.path, planned(target.current, tried)),
    );
    if (tested.ok) talk.done(tested.text);
    else talk.warn(tested.why);
    const next = tested.ok
      ? 'keep'
      : await talk.choose('What now?', [
          { value: 'change', label: 'Change what I said' },
          { value: 'keep', label: 'Take it all the same' },
          { value: 'drop', label: 'Do without it' },
        ]);
    if (next === 'keep') answers.outputs[output.name] = section;
    if (next !== 'change') return;
  }
}
