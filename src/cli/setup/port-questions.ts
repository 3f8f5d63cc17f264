import type { MeterAnswers } from '../../setup/answers.ts';
import { advisedEyes } from '../../setup/decisions.ts';
import { headsAmong, portFault } from '../../setup/heads.ts';
import { meterNamed } from '../../setup/plan.ts';
import type { Fields } from '../../shared/stored.ts';
import { portNamed } from '../../transport/port-name.ts';
import { listPorts } from '../../transport/serial-channel.ts';
import { alignHead } from '../align-head.ts';
import { showPicture } from '../alignment-picture.ts';
import { accessTo, meterWords, testMeter } from './meter-access.ts';
import { type Conversation, keep } from './sitting.ts';

const GATEWAY = 'a gateway in the network';
const OTHER = 'another port';
const LOOK_AGAIN = 'look again';

/** Asks where the head is until a meter answers there, or the person takes it as it is. */
export async function askForHead(it: Conversation, meter: MeterAnswers): Promise<void> {
  while (meter.port === undefined || meter.seen === undefined) {
    meter.port ??= await askForPort(it, meter);
    keep(it);
    await tryHead(it, meter);
    keep(it);
  }
}

async function askForPort({ talk, io, target }: Conversation, { of }: MeterAnswers): Promise<string> {
  for (;;) {
    const heads = headsAmong(await (io.listPorts ?? listPorts)());
    const [first] = heads;
    if (first === undefined)
      talk.say('No serial port is seen on this machine. Plug in the optical head, or name a gateway.');
    const present = presentPort(target.current, of);
    const choice = await talk.choose('Where is the optical head?', [
      ...(present === undefined ? [] : [{ value: present, label: present, hint: 'as it is now' }]),
      ...heads
        .filter(({ port }) => port !== present)
        .map(({ port, what }) => ({ value: port, label: port, hint: what })),
      { value: GATEWAY, label: 'On a gateway in the network', hint: 'ser2net, an ESP, a network head' },
      { value: OTHER, label: 'At another port', hint: 'type its name' },
      { value: LOOK_AGAIN, label: 'Look again', hint: 'after plugging it in' },
    ]);
    if (choice === LOOK_AGAIN) continue;
    if (choice !== GATEWAY && choice !== OTHER) return choice;
    const message =
      choice === GATEWAY ? 'Host and port of the gateway, such as 192.168.1.20:2000' : 'Name of the port';
    return named(await talk.text({ message, fault: portFault }));
  }
}

function presentPort(current: Fields, of: string | null): string | undefined {
  const port = meterNamed(current, of)?.port;
  return typeof port === 'string' ? port : undefined;
}

export function named(text: string): string {
  const port = portNamed(text);
  return 'port' in port ? port.port : text;
}

async function tryHead(it: Conversation, meter: MeterAnswers): Promise<void> {
  const { talk } = it;
  const speed = meter.baudRate === undefined ? '' : ` with ${meter.baudRate} bits a second`;
  const tested = await talk.during(`Asking who is at ${meter.port}${speed} ...`, () => testMeter(it, meter));
  if (tested.ok) {
    meter.seen = tested.meter;
    talk.done(`It answers: ${meterWords(tested.meter)}.`);
    for (const advice of advisedEyes(tested.meter)) talk.say(`${advice}.`);
    return;
  }
  talk.warn([tested.why, ...tested.advice].join('\n'));
  const isSilent = tested.kind === 'silent';
  const fast = meter.baudRate === 9600;
  const next = await talk.choose('What now?', [
    ...(isSilent ? [{ value: 'place', label: 'Place the head, and watch live how it answers' }] : []),
    { value: 'again', label: 'Try once more' },
    ...(isSilent
      ? [
          {
            value: 'speed',
            label: `Try with ${fast ? 1200 : 9600} bits a second`,
            hint: fast ? 'heat and water meters' : 'some electricity meters',
          },
        ]
      : []),
    { value: 'port', label: 'Take another port' },
    { value: 'keep', label: 'Go on without an answer', hint: 'the bridge will wait for it' },
  ]);
  if (next === 'place') await placeHead(it, meter);
  if (next === 'speed') meter.baudRate = fast ? 1200 : 9600;
  if (next === 'port') meter.port = undefined;
  if (next === 'keep') meter.seen = null;
}

/** Good answers in a row after which a head sits: each more would cost the battery for nothing. */
const ENOUGH = 6;
const LONGEST = 120_000;

async function placeHead(it: Conversation, meter: MeterAnswers): Promise<void> {
  const { talk, io } = it;
  talk.say(
    `This asks the meter twice a second, and each answer uses a little of its battery. It ends by itself after ${ENOUGH} answers in a row, after ${LONGEST / 60_000} minutes, or with any key.`,
  );
  if (!(await talk.agreed('Begin?', true))) return;
  const stop = new AbortController();
  const show = showPicture(io);
  let inARow = 0;
  const onKey = talk.onKey(() => stop.abort());
  try {
    await alignHead({
      ...accessTo(it, meter),
      duration: LONGEST,
      signal: AbortSignal.any([io.signal, stop.signal]),
      onView: (view, serialNumber, answered) => {
        show(view, serialNumber);
        inARow = answered ? inARow + 1 : 0;
        if (inARow >= ENOUGH) stop.abort();
      },
    });
  } finally {
    onKey.end();
  }
  talk.leaveIfTold();
}
