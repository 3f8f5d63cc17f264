import type { MeterConfig } from '../meter/config.ts';
import type { Deps } from '../shared/deps.ts';
import type { ApiRoute } from '../web/route.ts';
import { batteryRoutes } from '../web/routes/battery.ts';
import { exchangeRoutes } from '../web/routes/exchanges.ts';
import { registerRoutes } from '../web/routes/registers.ts';
import { BridgeBatteries } from './battery-source.ts';
import type { Bridge } from './bridge.ts';
import { BridgeExchanges } from './exchanges-source.ts';
import { BridgeRegisters } from './registers-source.ts';

/** A close look at single meters. */
export function meterRoutes(
  bridge: Bridge,
  meters: readonly MeterConfig[],
  deps: Pick<Deps, 'clock' | 'logger'>,
): readonly ApiRoute[] {
  return [
    ...batteryRoutes(new BridgeBatteries(bridge, meters)),
    ...registerRoutes(new BridgeRegisters({ bridge, meters, ...deps })),
    ...exchangeRoutes(new BridgeExchanges(bridge, meters, deps.clock)),
  ];
}
