import type { Deps } from '../shared/deps.ts';
import type { ApiRoute } from '../web/route.ts';
import { placementRoutes } from '../web/routes/placement.ts';
import { HeadPlacing } from './head-placing.ts';
import type { PortVisits } from './port-visits.ts';
import type { PresentBridge } from './present-bridge.ts';

interface ToolParts extends Pick<Deps, 'clock' | 'logger'> {
  readonly present: Pick<PresentBridge, 'config'>;
  readonly visits: PortVisits;
}

/** What helps who stands at a meter with a head in his hand. */
export function toolRoutes({ present, visits, clock, logger }: ToolParts): readonly ApiRoute[] {
  const meters = () => present.config.meters;
  return placementRoutes(new HeadPlacing({ visits, meters, clock, logger }));
}
