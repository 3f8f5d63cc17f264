import { existsSync } from 'node:fs';
import { BorrowedPort } from '../app/borrowed-port.ts';
import { accountOf } from '../app/left-costs.ts';
import { StoredMeterMemory } from '../app/memory.ts';
import { StateStore } from '../app/state-store.ts';
import { type MeterCounters, newCounters } from '../link/session.ts';
import { costSince } from '../meter/battery.ts';
import type { BatteryAccount } from '../meter/battery-account.ts';
import type { Logger } from '../shared/logger.ts';
import { computerClock } from '../shared/release.ts';
import type { ConfiguredMeter } from './chosen-meter.ts';

/**
 * One command's asking of a meter: with the port of a bridge that runs, if there is one, and on the account of the
 * meter's battery, which that bridge keeps, or the next one.
 */
export class MeterVisit {
  /** The session counts in these. */
  readonly counters: MeterCounters = newCounters();
  private readonly configured: ConfiguredMeter | undefined;
  private readonly address: number;
  private readonly logger: Logger;
  private borrowed: BorrowedPort | undefined;
  private serialNumber: string | undefined;

  /** `configured`: undefined for a meter that no configuration knows. */
  constructor(configured: ConfiguredMeter | undefined, address: number, logger: Logger) {
    this.configured = configured;
    this.address = address;
    this.logger = logger;
  }

  /** Resolves when the port is free, as far as a bridge of ours is concerned. Error `port-busy`. */
  async begin(signal?: AbortSignal): Promise<void> {
    if (this.configured === undefined) return;
    const { meter, dataDir } = this.configured;
    this.borrowed = await BorrowedPort.ask(dataDir, { port: meter.port, address: this.address }, { signal });
  }

  /** Calls when the port has to be closed. */
  onTakenBack(close: () => void): void {
    const { takenBack } = this.borrowed ?? {};
    if (takenBack?.aborted) close();
    else takenBack?.addEventListener('abort', close, { once: true });
  }

  /** Of the bridge that took the port back; undefined where none did. */
  get problem(): Error | undefined {
    return this.borrowed?.problem;
  }

  /** The same, or else `error`. */
  reasonFor(error: unknown): unknown {
    return this.problem ?? error;
  }

  /** To be called after each try: what is told by then is booked even if this program is killed. */
  tried(): void {
    this.borrowed?.spent(this.cost, this.serialNumber);
  }

  answered(serialNumber: string): void {
    this.serialNumber = serialNumber;
    this.tried();
  }

  /** To be called when the port is closed. */
  async end(): Promise<void> {
    if (this.borrowed === undefined) this.leaveCosts();
    else await this.borrowed.giveBack();
  }

  private get cost(): ReturnType<typeof costSince> {
    return costSince(newCounters(), this.counters);
  }

  private leaveCosts(): void {
    const { configured, cost, serialNumber } = this;
    if (configured === undefined || serialNumber === undefined || cost.transactions === 0) return;
    const use = { ...cost, readings: 1 };
    const account = accountOf(use, configured.meter.timezone, computerClock);
    leaveCosts(configured.dataDir, serialNumber, account, this.logger);
  }
}

/** Leaves it for the next bridge, where one has ever been. */
export function leaveCosts(
  dataDir: string,
  serialNumber: string,
  account: BatteryAccount,
  logger: Logger,
): void {
  if (!existsSync(dataDir)) return;
  // Whoever only reads a meter need not be allowed to write into the bridge's folder.
  const debug = logger.debug.bind(logger);
  const withoutSecrets = logger.withoutSecrets.bind(logger);
  const quiet: Logger = { debug, info: debug, warn: debug, error: debug, withoutSecrets };
  new StoredMeterMemory(new StateStore(dataDir, quiet)).leaveCosts(serialNumber, account);
}
