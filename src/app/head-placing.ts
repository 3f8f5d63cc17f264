import { headPlacement, type PlacementTry } from '../link/head-placement.ts';
import { alignmentTiming } from '../link/timing.ts';
import type { MeterConfig } from '../meter/config.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf, sentenceOf } from '../shared/errors.ts';
import type { PortInfo } from '../transport/serial-channel.ts';
import type { PlacementMessage } from '../web/api.ts';
import type { PlacementSource, PlacementWish } from '../web/routes/placement.ts';
import { knownPort } from './known-port.ts';
import type { PortVisit, PortVisits } from './port-visits.ts';

interface HeadPlacingOptions extends Pick<Deps, 'clock' | 'logger'> {
  readonly visits: PortVisits;
  readonly meters: () => readonly MeterConfig[];
  readonly listPorts?: () => Promise<readonly PortInfo[]>;
}

/** A meter is awake for so many milliseconds for a reading of its main values at 1200 bits a second. */
const USUAL_READING = 2_800;

/** Help to place a head, for who has nothing but the page. */
export class HeadPlacing implements PlacementSource {
  private readonly options: HeadPlacingOptions;

  constructor(options: HeadPlacingOptions) {
    this.options = options;
  }

  async place(wish: PlacementWish, gone: AbortSignal): Promise<AsyncIterable<PlacementMessage>> {
    const { visits, meters, listPorts } = this.options;
    const { duration, baudRate } = wish;
    const known = await knownPort(wish.port, meters(), listPorts);
    return this.messages(visits.claim({ ...known, baudRate, retime: alignmentTiming, gone }), duration);
  }

  private async *messages(visit: PortVisit, duration: number): AsyncGenerator<PlacementMessage> {
    let problem: string | null = null;
    try {
      yield { kind: 'waiting' };
      yield* this.views(visit, duration);
      if (visit.over.aborted) problem = TAKEN_BACK;
    } catch (error) {
      const { logger } = this.options;
      logger.debug(`The head could not be placed: ${messageOf(error)}`);
      problem = logger.withoutSecrets(visit.over.aborted ? TAKEN_BACK : sentenceOf(error));
    } finally {
      await visit.end();
    }
    yield { kind: 'over', problem };
  }

  private async *views(visit: PortVisit, duration: number): AsyncGenerator<PlacementMessage> {
    const { clock } = this.options;
    const session = await visit.begin();
    const { addressee, over: signal } = visit;
    const end = clock.monotonic() + duration;
    const view = ({ view, serialNumber }: PlacementTry): PlacementMessage => {
      const { asked, answered, echoSeen, damagedReplies, discardedBytes, verdict } = view;
      return {
        kind: 'view',
        ...{ asked, answered, echoSeen, damagedReplies, discardedBytes, verdict, serialNumber },
        left: Math.max(0, Math.round(end - clock.monotonic())),
        cost: visit.counters.awakeTime / USUAL_READING,
      };
    };
    for await (const tried of headPlacement({ session, addressee, duration, signal, clock })) {
      visit.serialNumber = tried.serialNumber ?? undefined;
      yield view(tried);
    }
  }
}

const TAKEN_BACK = 'The bridge has taken the port back, because it is stopping.';
