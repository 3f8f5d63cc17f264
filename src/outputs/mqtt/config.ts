import { optionalTopic } from '../../mqtt/config.ts';
import { key } from '../../schema/key.ts';

export const compatibilityKeys = {
  valuesTopic: key('Topic of kamstrup-402-mqtt, for automations that know it.', optionalTopic, '', {
    addon: false,
  }),
};
