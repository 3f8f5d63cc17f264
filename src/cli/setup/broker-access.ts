import { configKeys } from '../../config/keys.ts';
import { mqttKeys } from '../../mqtt/config.ts';
import { applyKeys, parseValues, pickKnown } from '../../schema/apply.ts';
import type { BrokerAnswers } from '../../setup/answers.ts';
import { type LoginResult, tryLogin } from '../../setup/broker-login.ts';
import { findBrokers } from '../../setup/broker-search.ts';
import { metersIn } from '../../setup/plan.ts';
import { systemClock } from '../../shared/clock.ts';
import { contentOf, type Sitting } from './sitting.ts';

const MEANS = { clock: systemClock, random: Math.random };

export interface OfferedBroker {
  readonly url: string;
  /** How it was found, and what it wants, for a person. */
  readonly what: string;
}

/** Brokers around, the likeliest first. */
export async function brokersAround(sitting: Sitting): Promise<readonly OfferedBroker[]> {
  const ports = metersIn(contentOf(sitting)).map(({ port }) => String(port));
  const found = await findBrokers({ ...MEANS, ports });
  return found.map(({ url, foundBy, isBroker, login, distrust }) => {
    const facts = [
      `found ${foundBy}`,
      isBroker ? '' : 'something listens there',
      login === 'none' ? 'lets everybody in' : login === 'needed' ? 'wants a user name' : '',
      distrust === undefined ? '' : `it ${distrust}`,
    ];
    return { url, what: facts.filter((fact) => fact !== '').join('; ') };
  });
}

/** Logs in as the bridge will, with what the configuration has of certificates and topics, and takes leave. */
export function loginTo({ io, target }: Sitting, broker: BrokerAnswers): Promise<LoginResult> {
  const { url, username = '', password = '' } = broker;
  const known = (section: unknown, keys: Parameters<typeof pickKnown>[1]) =>
    pickKnown(section ?? {}, keys, process.cwd()).values;
  const mqtt = applyKeys(
    mqttKeys,
    [known(target.current.mqtt, mqttKeys), { url, username, password }],
    process.cwd(),
  ).written;
  const { homeAssistant } = configKeys;
  const home = applyKeys(homeAssistant, [known(target.current.homeAssistant, homeAssistant)], process.cwd());
  const { enabled, discoveryPrefix } = parseValues(homeAssistant, home.written);
  return tryLogin(
    { ...parseValues(mqttKeys, mqtt), url: url ?? '', username, password },
    { ...MEANS, secrets: io.secrets, discoveryPrefix: enabled ? discoveryPrefix : undefined },
  );
}
