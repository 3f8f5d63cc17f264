import { topic } from '../../mqtt/config.ts';
import { key } from '../../schema/key.ts';
import { flag, oneOf } from '../../schema/validators.ts';

export const homeAssistantKeys = {
  enabled: key('Whether Home Assistant is told about the meters.', flag, true, { addon: false }),
  discoveryPrefix: key('Where Home Assistant looks for devices.', topic, 'homeassistant'),
  discovery: key(
    'All of a device in one payload, or one payload for each entity.',
    oneOf(['device', 'component']),
    'device',
  ),
  statusTopic: key('Where Home Assistant says that it started.', topic, 'homeassistant/status', {
    addon: false,
  }),
};
