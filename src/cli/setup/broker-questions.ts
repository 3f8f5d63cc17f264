import type { BrokerAnswers } from '../../setup/answers.ts';
import { brokerIn } from '../../setup/plan.ts';
import { brokersAround, loginTo } from './broker-access.ts';
import { asUrl, urlFault } from './broker-address.ts';
import { type Conversation, keep } from './sitting.ts';

const OTHER = 'another';
const NONE = 'none';

/** Asks for a broker until it lets us in, there is to be none, or the person takes it as it is. */
export async function askForBroker(it: Conversation): Promise<void> {
  const { answers } = it;
  answers.broker ??= {};
  const { broker } = answers;
  while (broker.settled !== true) {
    if (broker.url === undefined) broker.url = await askForAddress(it);
    keep(it);
    if (broker.url === null) broker.settled = true;
    else await askForAccess(it, broker, broker.url);
    keep(it);
  }
}

async function askForAddress(it: Conversation): Promise<string | null> {
  const { talk, target } = it;
  const found = await talk.during('Looking for a broker ...', () => brokersAround(it));
  const present = presentUrl(brokerIn(target.current)?.url);
  if (found.length === 0) talk.say('None was found by itself.');
  const choice = await talk.choose('Which MQTT broker is to have the values?', [
    ...(present === undefined ? [] : [{ value: present, label: present, hint: 'as it is now' }]),
    ...found
      .filter(({ url }) => url !== present)
      .map(({ url, what }) => ({ value: url, label: url, hint: what })),
    { value: OTHER, label: 'Another one', hint: 'type its address' },
    { value: NONE, label: 'None', hint: 'only other outputs, such as InfluxDB; no Home Assistant' },
  ]);
  if (choice === NONE) return null;
  if (choice !== OTHER) return choice;
  return asUrl(
    await talk.text({ message: 'Its address, such as 192.168.1.10 or mqtts://host:8883', fault: urlFault }),
  );
}

function presentUrl(url: unknown): string | undefined {
  return typeof url === 'string' ? url : undefined;
}

/** What a person will mostly do about it. */
const NEXT = { credentials: 'access', address: 'address', certificate: 'address', broker: 'again' } as const;

async function askForAccess(it: Conversation, broker: BrokerAnswers, url: string): Promise<void> {
  const { talk, target } = it;
  if (broker.username === undefined) {
    const present = brokerIn(target.current)?.username;
    broker.username = await talk.text({
      message: `User name at ${url} (empty: none)`,
      initial: typeof present === 'string' ? present : '',
    });
    keep(it);
  }
  if (broker.username !== '' && broker.password === undefined) {
    const present = brokerIn(target.current)?.password;
    const isKnown = typeof present === 'string' && present !== '';
    const password = await talk.secret({
      message: isKnown ? 'Its password (empty: as it is now)' : 'Its password',
    });
    broker.password = password === '' && isKnown ? present : password;
    keep(it);
  }
  const login = await talk.during(`Logging in at ${url} ...`, () => loginTo(it, broker));
  const words = login.texts.join('\n');
  if (login.outcome === 'in') {
    broker.settled = true;
    talk.done(words);
    return;
  }
  talk.warn(words);
  const isIn = login.outcome === 'narrow';
  const next = await talk.choose(
    'What now?',
    [
      { value: 'access', label: 'Give another user name or password' },
      { value: 'address', label: 'Take another broker' },
      { value: 'again', label: 'Try once more' },
      {
        value: 'keep',
        label: 'Take it all the same',
        hint: isIn ? 'it lets us in' : 'the bridge will go on trying',
      },
    ],
    isIn ? 'keep' : NEXT[login.matter ?? 'broker'],
  );
  if (next === 'access' || next === 'address') {
    delete broker.username;
    delete broker.password;
  }
  if (next === 'address') delete broker.url;
  if (next === 'keep') broker.settled = true;
}
