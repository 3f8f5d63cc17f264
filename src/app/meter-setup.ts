import type { LoadedConfig } from '../config/load.ts';
import { MeterClient } from '../link/client.ts';
import type { MeterConfig } from '../meter/config.ts';
import { identified } from '../meter/identified-meter.ts';
import type { SeenMeter } from '../setup/answers.ts';
import {
  advisedEyes,
  mountingAt,
  proposedName,
  proposedPowering,
  proposedSchedule,
} from '../setup/decisions.ts';
import { testHead } from '../setup/head-test.ts';
import { headsAmong } from '../setup/heads.ts';
import { sentenceOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { listPorts, type PortInfo } from '../transport/serial-channel.ts';
import type { SavedSetup, SetupState, TestedPort } from '../web/api.ts';
import { Refused } from '../web/route.ts';
import type { MeterWish, SetupSource } from '../web/routes/setup.ts';
import { knownPort } from './known-port.ts';
import type { PortVisit, PortVisits } from './port-visits.ts';
import type { SetupTarget } from './setup-target.ts';

interface MeterSetupOptions {
  readonly target: SetupTarget;
  readonly visits: PortVisits;
  readonly meters: () => readonly MeterConfig[];
  /** Reads by this configuration from now on. */
  readonly renew: (loaded: LoadedConfig) => Promise<void>;
  readonly logger: Logger;
  readonly listPorts?: () => Promise<readonly PortInfo[]>;
}

/** Meters are found, tried and configured on the page. */
export class MeterSetup implements SetupSource {
  private readonly options: MeterSetupOptions;
  /** One configuration is written after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: MeterSetupOptions) {
    this.options = options;
  }

  async state(): Promise<SetupState> {
    const { target, meters } = this.options;
    const problem = target.problem();
    return {
      target: problem === null ? target.kind : null,
      problem: problem && this.safe(problem),
      ports: headsAmong(await this.list()),
      used: meters().map(({ port }) => port),
    };
  }

  async test(port: unknown, baudRate: number | undefined, gone: AbortSignal): Promise<TestedPort> {
    const { visits, meters } = this.options;
    const known = await knownPort(port, meters(), () => this.list());
    const visit = visits.claim({ ...known, baudRate, gone });
    try {
      const tested = await testHead(known.port, () => whoIsAt(visit), START_ANEW);
      if (tested.ok) return this.answered(known.port, tested.meter);
      const advice = tested.advice.map((line) => this.safe(line));
      return { ok: false, meter: null, problem: this.safe(tested.why), advice };
    } finally {
      await visit.end();
    }
  }

  add(wish: MeterWish): Promise<SavedSetup> {
    const adding = this.last.then(() => this.addInTurn(wish));
    this.last = adding.catch(() => {});
    return adding;
  }

  private async addInTurn(wish: MeterWish): Promise<SavedSetup> {
    const { target, meters, renew, logger } = this.options;
    const problem = target.problem();
    if (problem !== null) throw new Refused(409, this.safe(problem));
    const { port } = await knownPort(wish.port, meters(), () => this.list());
    try {
      const added = await target.add({ ...wish, port });
      if (!('config' in added)) return { problems: added.map((one) => this.safe(one)) };
      logger.info(`${wish.name} at ${port} was set up on the page: it is read from now on`);
      await renew(added);
      return { problems: [] };
    } catch (error) {
      logger.warn(`A meter could not be set up on the page: ${sentenceOf(error)}`);
      return { problems: [this.safe(sentenceOf(error))] };
    }
  }

  private answered(port: string, seen: SeenMeter): TestedPort {
    const { serialNumber, model, kind } = seen;
    const taken = this.options.meters().map(({ name }) => name);
    const circumstances = {
      powering: proposedPowering(kind),
      mounting: mountingAt(port) ?? 'fixed',
      seen,
    } as const;
    const meter = {
      ...{ serialNumber, model, kind },
      advice: advisedEyes(seen),
      proposedName: proposedName(kind, taken),
      proposedSchedule: proposedSchedule(circumstances),
    };
    return { ok: true, meter, problem: null, advice: [] };
  }

  private list(): Promise<readonly PortInfo[]> {
    return (this.options.listPorts ?? listPorts)();
  }

  private safe(text: string): string {
    return this.options.logger.withoutSecrets(text);
  }
}

const START_ANEW = 'Then start the bridge anew, and come back here.';

async function whoIsAt(visit: PortVisit): Promise<SeenMeter> {
  const session = await visit.begin();
  const client = new MeterClient(visit.addressee);
  const answered = (serialNumber: string): void => {
    visit.serialNumber = serialNumber;
  };
  const { serialNumber, model, kind, eye } = (await identified({ client, session, visit: { answered } }))
    .meter;
  return { serialNumber, model, kind, eye };
}
