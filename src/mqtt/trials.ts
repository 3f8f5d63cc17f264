import type { Clock } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import type { Logger } from '../shared/logger.ts';
import type { Refusals } from './refusals.ts';
import { Suspects } from './suspects.ts';
import { VersionTrial } from './version-trial.ts';
import { WillTrial } from './will-trial.ts';

export interface Trial {
  readonly suspects: Suspects;
  readonly will: WillTrial;
  readonly version: VersionTrial;
  /** Topics of which it was seen whether they come back, with the length of the longest payload. */
  readonly readBack: Map<string, number>;
}

/** What was found out of each broker by trying. */
export class Trials {
  readonly refusals: Refusals;
  private readonly clock: Clock;
  private readonly logger: Logger;
  /** By address. */
  private readonly all = new Map<string, Trial>();
  private latest: Trial | undefined;

  constructor(refusals: Refusals, { clock, logger }: Pick<Deps, 'clock' | 'logger'>) {
    this.refusals = refusals;
    this.clock = clock;
    this.logger = logger;
  }

  /** It is being found out over what the latest broker closes the connection. */
  get areOn(): boolean {
    return this.latest?.suspects.areSought ?? false;
  }

  /** Of the broker at this address, which is the one that counts from now on. */
  at(broker: string): Trial {
    this.refusals.at(broker);
    this.latest = this.all.get(broker) ?? {
      suspects: new Suspects(this.refusals, this.clock),
      will: new WillTrial(this.refusals, this.clock),
      version: new VersionTrial(this.refusals, this.logger),
      readBack: new Map(),
    };
    this.all.set(broker, this.latest);
    return this.latest;
  }
}
