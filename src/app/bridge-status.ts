import type { MeterConfig } from '../config/config.ts';
import type { LogTail } from '../log/log-tail.ts';
import type { Secrets } from '../log/secrets.ts';
import type { PollerStatus } from '../polling/poller.ts';
import type { Output } from '../publish/output.ts';
import { readingText } from '../readings/reading-text.ts';
import type { BrokerStatus, MeterStatus, Status } from '../web/status.ts';
import { scheduleText } from './schedule-text.ts';
import { stuckReadings } from './stuck-readings.ts';

/** What is looked at of a bridge. */
interface WatchedBridge {
  readonly broker: BrokerStatus | undefined;
  readonly otherOutputs: readonly Output[];
  /** In the order of the configuration. */
  readonly meters: readonly PollerStatus[];
}

export interface BridgeStatusOptions {
  readonly bridge: WatchedBridge;
  readonly meters: readonly MeterConfig[];
  readonly version: string;
  readonly tail: LogTail;
  /** Hidden in whatever text is shown: an error's words may be those of a server that repeats them. */
  readonly secrets: Secrets;
  readonly startedAt: number;
}

/** What a person sees of the bridge, and whether it still moves. */
export class BridgeStatus {
  private readonly options: BridgeStatusOptions;

  constructor(options: BridgeStatusOptions) {
    this.options = options;
  }

  now(): Status {
    const { bridge, meters, version, tail, secrets, startedAt } = this.options;
    const statuses = bridge.meters;
    return {
      version,
      startedAt,
      broker: secrets.hideInAll(bridge.broker),
      outputs: secrets.hideInAll(bridge.otherOutputs.map(({ name, health }) => ({ name, ...health }))),
      meters: secrets.hideInAll(meters.map((meter, index) => meterStatus(meter, statuses[index]))),
      // Again: what was logged may hold what was learnt to be a secret only later.
      log: tail.entries.map((entry) => ({ ...entry, message: secrets.hideIn(entry.message) })),
    };
  }

  /** Readings that never end; a meter or a broker that is away is none of it. */
  stuck(): readonly string[] {
    const { bridge, meters } = this.options;
    return stuckReadings(meters, bridge.meters);
  }
}

function meterStatus({ name, port, schedule }: MeterConfig, status: PollerStatus | undefined): MeterStatus {
  const { meter, online, diagnostics, latest = [] } = status ?? {};
  return {
    name,
    port,
    schedule: scheduleText(schedule),
    serialNumber: meter?.serialNumber,
    model: meter?.model ?? undefined,
    online,
    lastReading: diagnostics?.lastSuccessfulReading ?? undefined,
    lastError: diagnostics?.lastError ?? undefined,
    readings: latest.map((reading) => ({
      label: reading.label,
      text: readingText(reading),
      readAt: reading.readAt,
    })),
  };
}
