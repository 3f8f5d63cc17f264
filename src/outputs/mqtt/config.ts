import { optionalTopic } from '../../mqtt/config.ts';
import { key } from '../../schema/key.ts';

export const compatibilityKeys = {
  valuesTopic: key('Gets what kamstrup-402-mqtt published, of a single meter.', optionalTopic, '', {
    addon: false,
  }),
};
