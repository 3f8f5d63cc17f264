import { addressFault } from '../../http/config.ts';
import { topic } from '../../mqtt/config.ts';
import { type Fault, ref, type Text, text } from '../../schema/fault.ts';
import { type Infer, key, type Validator } from '../../schema/key.ts';
import { anyText, flag, oneOf } from '../../schema/validators.ts';

const EXAMPLE = 'http://homeassistant.local:8123';

/** What somebody has before him in a browser has a path, and Home Assistant itself never lies below one. */
const homeAssistantUrl: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => {
    const fault = addressFault(value, text`it knows the bridge by ${ref('homeAssistant.token')}`, EXAMPLE);
    if (fault !== null || value === '') return fault;
    const { pathname, search, hash } = new URL(String(value));
    return pathname === '/' && search === '' && hash === ''
      ? null
      : `must end with its host or its port, such as "${EXAMPLE}": without the path of a page`;
  },
};

export const homeAssistantKeys = {
  enabled: key('Whether the meters introduce themselves; `false` leaves plain MQTT.', flag, true, {
    addon: false,
  }),
  discoveryPrefix: key('Where Home Assistant looks for new devices.', topic, 'homeassistant'),
  discovery: key(
    'One payload for a whole device, or for each entity.',
    oneOf(['device', 'component']),
    'device',
  ),
  statusTopic: key('Where Home Assistant says that it has started.', topic, 'homeassistant/status', {
    addon: false,
  }),
  statistics: key("Whether the meter's own log goes into Home Assistant's statistics.", flag, false, {
    addon: 'history.statistics',
  }),
  // The add-on needs neither: the Supervisor lets it in.
  url: key(`Home Assistant itself, such as \`${EXAMPLE}\`.`, homeAssistantUrl, '', { addon: false }),
  token: key('Long-lived access token of an administrator there.', anyText, '', {
    addon: false,
    secret: true,
  }),
};

interface Beside {
  readonly homeAssistant: Infer<typeof homeAssistantKeys>;
  readonly mqtt: { readonly enabled: boolean };
  readonly history: { readonly meterLog: boolean };
}

/** What keys say of each other where the meter's log is to go into Home Assistant's statistics. */
export function statisticsFaults(
  { homeAssistant, mqtt, history }: Beside,
  isAddon: boolean,
): readonly Fault[] {
  const { enabled, statistics, url, token } = homeAssistant;
  const faults: Fault[] = [];
  const off = mqtt.enabled ? 'homeAssistant.enabled' : 'mqtt.enabled';
  if (statistics && !(mqtt.enabled && enabled))
    faults.push({
      path: 'homeAssistant.statistics',
      text: text`must be false where ${ref(off)} is false: Home Assistant then has no entity of the meter, and no statistics to add to`,
    });
  if (statistics && !history.meterLog)
    faults.push({
      path: 'history.meterLog',
      text: text`must be true, because ${ref('homeAssistant.statistics')} is: what the meter wrote down is what goes there`,
    });
  // The Supervisor lets the add-on in without them.
  const needsBoth = statistics && !isAddon;
  const because = (other: string): Text =>
    needsBoth
      ? text`because ${ref('homeAssistant.statistics')} is true`
      : text`because ${ref(other)} is: one is of use only with the other`;
  if (url === '' && (needsBoth || token !== ''))
    faults.push({
      path: 'homeAssistant.url',
      text: text`must be set, such as "${EXAMPLE}", ${because('homeAssistant.token')}`,
    });
  if (token === '' && (needsBoth || url !== ''))
    faults.push({
      path: 'homeAssistant.token',
      text: text`must be set, ${because('homeAssistant.url')}. In Home Assistant press your name at the bottom left, then Security, and make one under "Long-lived access tokens"`,
    });
  return faults;
}
