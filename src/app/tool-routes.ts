import type { LoadedConfig } from '../config/load.ts';
import type { Deps } from '../shared/deps.ts';
import type { ApiRoute } from '../web/route.ts';
import { placementRoutes } from '../web/routes/placement.ts';
import { setupRoutes } from '../web/routes/setup.ts';
import { HeadPlacing } from './head-placing.ts';
import { MeterSetup } from './meter-setup.ts';
import type { PortVisits } from './port-visits.ts';
import type { PresentBridge } from './present-bridge.ts';
import { AddonTarget, type ConfigOrigin, FileTarget } from './setup-target.ts';

interface ToolParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly present: Pick<PresentBridge, 'config'>;
  readonly visits: PortVisits;
  readonly isAddon: boolean;
  readonly origin: ConfigOrigin;
  /** Reads by this configuration from now on. */
  readonly renew: (loaded: LoadedConfig) => Promise<void>;
}

/** What helps who stands at a meter with a head in his hand. */
export function toolRoutes(parts: ToolParts): readonly ApiRoute[] {
  const { present, isAddon, origin } = parts;
  const meters = () => present.config.meters;
  const target = isAddon ? new AddonTarget(origin) : new FileTarget(origin);
  return [
    ...placementRoutes(new HeadPlacing({ ...parts, meters })),
    ...setupRoutes(new MeterSetup({ ...parts, meters, target })),
  ];
}
