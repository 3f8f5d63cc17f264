import { topic } from '../../mqtt/config.ts';
import { key } from '../../schema/key.ts';
import { flag, oneOf } from '../../schema/validators.ts';

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
};
