import { hostNames } from '../../http/config.ts';
import { ref, text } from '../../schema/fault.ts';
import { type Infer, key } from '../../schema/key.ts';
import { filledText, flag, tcpPort } from '../../schema/validators.ts';
import { type BesideOutputs, defineOutput } from '../output.ts';

const keys = {
  enabled: key('Whether metrics for Prometheus are served.', flag, false),
  host: key('Address to serve at; `0.0.0.0`: the network too.', filledText, '127.0.0.1', {
    addon: false,
  }),
  port: key('Port to serve them at.', tcpPort, 9464, { addon: false }),
  allowedHosts: key('Public DNS names that they answer to.', hostNames, [], {
    addon: false,
  }),
};

export type MetricsConfig = Infer<typeof keys>;

export const metrics = defineOutput({
  name: 'metrics',
  label: 'Prometheus metrics',
  entityLabel: 'Metrics',
  noun: 'page',
  keys,
  faults: ({ port }: MetricsConfig, { web }: BesideOutputs) =>
    web.enabled && port === web.port
      ? [{ path: 'metrics.port', text: text`must differ from ${ref('web.port')}` }]
      : [],
});
