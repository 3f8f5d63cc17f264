import { addressFault, hostNames } from '../http/config.ts';
import { type Infer, key, type Validator } from '../schema/key.ts';
import { anyText, filledText, flag, oneOf, tcpPort } from '../schema/validators.ts';

/** May have a path: something in between may serve the page below one. */
const pageUrl: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) => addressFault(value, 'whoever follows the link is asked for them'),
};

/** The page. */
export const webKeys = {
  enabled: key('Whether the page is served.', flag, false, { addon: false }),
  host: key('Address to serve at; `0.0.0.0`: the network too.', filledText, '127.0.0.1', {
    addon: false,
  }),
  port: key('Port to serve it at.', tcpPort, 8099, { addon: false }),
  allowedHosts: key('Public DNS names that it answers to.', hostNames, [], { addon: false }),
  password: key('Password of the page; wanted where others reach it.', anyText, '', {
    secret: true,
    addon: false,
  }),
  auth: key('`none`: whoever reaches the page may do everything.', oneOf(['password', 'none']), 'password', {
    addon: false,
  }),
  publicUrl: key("Address by which others reach it; Home Assistant's devices lead there.", pageUrl, '', {
    addon: false,
  }),
};

export type WebConfig = Infer<typeof webKeys>;
