import { hostNames } from '../http/config.ts';
import { type Infer, key } from '../schema/key.ts';
import { filledText, flag, tcpPort } from '../schema/validators.ts';

/** The status page. */
export const webKeys = {
  enabled: key('Whether the status page is served.', flag, false, { addon: false }),
  host: key('Address to serve at; `0.0.0.0`: the network too.', filledText, '127.0.0.1', {
    addon: false,
  }),
  port: key('Port to serve it at.', tcpPort, 8099, { addon: false }),
  allowedHosts: key('Public DNS names that it answers to.', hostNames, [], { addon: false }),
};

export type WebConfig = Infer<typeof webKeys>;
