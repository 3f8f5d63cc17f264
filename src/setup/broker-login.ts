import { accessIn, brokerUrls } from '../mqtt/broker-url.ts';
import { mqttKeys } from '../mqtt/config.ts';
import { logIn } from '../mqtt/login.ts';
import { brokerAddress, type LoginMatter } from '../mqtt/report.ts';
import { missingRights } from '../mqtt/rights.ts';
import type { MqttSettings } from '../mqtt/session.ts';
import type { Clock, Random } from '../shared/clock.ts';
import { sentenceOf } from '../shared/errors.ts';
import type { SafeText, Secrets } from '../shared/secrets.ts';

/** What is not set is as in a configuration without it. */
export interface LoginSettings extends Partial<Omit<MqttSettings, 'url'>> {
  /** One address, in any form that the configuration takes. */
  readonly url: string;
  readonly baseTopic?: string;
}

export interface LoginResult {
  /** `in`: all is well; `narrow`: it lets us in, but does not take all that the bridge needs; `out`: it does not. */
  readonly outcome: 'in' | 'narrow' | 'out';
  /** Whole sentences, what happened and what to do; one where the outcome is not `narrow`. */
  readonly texts: readonly SafeText[];
  /** What to ask again; undefined where it lets us in. `broker`: nothing that could be set differently here. */
  readonly matter?: LoginMatter;
}

interface LoginOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Learns the password. */
  readonly secrets: Secrets;
  /** Undefined: Home Assistant is to be told nothing. */
  readonly discoveryPrefix?: string | undefined;
}

const DEFAULTS = {
  username: mqttKeys.username.default,
  password: mqttKeys.password.default,
  clientId: mqttKeys.clientId.default,
  baseTopic: mqttKeys.baseTopic.default,
  protocolVersion: mqttKeys.protocolVersion.default,
  ca: mqttKeys.ca.default,
  cert: mqttKeys.cert.default,
  key: mqttKeys.key.default,
  rejectUnauthorized: mqttKeys.rejectUnauthorized.default,
};

/** Logs in as the bridge would, and tries whether it may do there what it needs. Takes some seconds at most. */
export async function tryLogin(wanted: LoginSettings, options: LoginOptions): Promise<LoginResult> {
  const { clock, secrets, discoveryPrefix } = options;
  const safe = (text: string): SafeText => secrets.hideIn(text);
  if (!URL.canParse(wanted.url) || brokerUrls.fault(wanted.url) !== null)
    return {
      outcome: 'out',
      matter: 'address',
      texts: [safe('The address must be like mqtt://host:1883, or mqtts://host:8883 with TLS.')],
    };
  const { baseTopic, ...settings } = { ...DEFAULTS, ...wanted };
  const own = accessIn(settings.url);
  const broker = {
    url: own.url,
    username: settings.username || own.username,
    password: settings.password || own.password,
  };
  for (const secret of [broker.password, new URL(broker.url).search.slice(1)])
    if (secret !== '') secrets.add(secret);
  const answer = await logIn(settings, broker, options);
  if ('problem' in answer)
    return { outcome: 'out', matter: answer.problem.matter, texts: [safe(sentenceOf(answer.problem.words))] };
  const address = brokerAddress(broker.url);
  const missing = await missingRights(answer.options, { baseTopic, discoveryPrefix }, clock);
  return missing.length === 0
    ? { outcome: 'in', texts: [safe(`${address} lets us in, and takes what the bridge publishes.`)] }
    : { outcome: 'narrow', texts: missing.map((words) => safe(`${address} ${words}`)) };
}
