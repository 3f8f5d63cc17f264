import type { LogTail } from '../log/winston-logger.ts';
import type { MeterConfig } from '../meter/config.ts';
import { modelText } from '../meter/identification.ts';
import type { MeterStatus } from '../meter/meter.ts';
import { scheduleText } from '../meter/schedules.ts';
import type { BrokerState } from '../mqtt/connection.ts';
import type { Output } from '../outputs/output.ts';
import { readingText } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { wallTime } from '../shared/credible-clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { Status, MeterStatus as WrittenMeter } from '../web/page.ts';

/** The longest reading asks for everything once, of a meter that answers hardly ever: some minutes. */
const STUCK_AFTER = 30 * 60_000;

/** Readings that never end, in words; both in the order of the configuration. */
export function stuckReadings(
  meters: readonly { readonly name: string }[],
  statuses: readonly Pick<MeterStatus, 'busyFor'>[],
): readonly string[] {
  return statuses.flatMap(({ busyFor }, index) =>
    busyFor > STUCK_AFTER ? [`A reading of ${meters[index]?.name} does not come to an end`] : [],
  );
}

type ShownOutput = Pick<Output, 'definition' | 'health'>;

/** The part of a bridge that the status shows. */
interface WatchedBridge {
  readonly clockProblem: string | undefined;
  readonly broker: BrokerState | undefined;
  readonly otherOutputs: readonly ShownOutput[];
  /** In the order of the configuration. */
  readonly meters: readonly MeterStatus[];
  /** Schedules whose time has come without anything being done, in words. */
  readonly overdue: readonly string[];
}

interface BridgeStatusOptions {
  readonly bridge: WatchedBridge;
  readonly meters: readonly MeterConfig[];
  readonly version: string;
  readonly tail: LogTail;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A moment of that clock. */
  readonly startedAt: number;
}

/** Shows the bridge to a person, and tells whether it still moves. */
export class BridgeStatus {
  private readonly options: BridgeStatusOptions;

  constructor(options: BridgeStatusOptions) {
    this.options = options;
  }

  now(): Status {
    const { bridge, meters, version, tail, logger, clock, startedAt } = this.options;
    const statuses = bridge.meters;
    return {
      version,
      startedAt: wallTime(startedAt, clock),
      clockProblem: bridge.clockProblem,
      broker: bridge.broker,
      outputs: bridge.otherOutputs.map(outputStatus),
      meters: meters.map((meter, index) => meterStatus(meter, statuses[index])),
      // Again: what was logged may hold what was learnt to be a secret only later.
      log: tail.entries.map((entry) => ({ ...entry, message: logger.withoutSecrets(entry.message) })),
    };
  }

  /** Readings that never end, or do not begin when they should; a meter or a broker that is away is none of it. */
  stuck(): readonly string[] {
    const { bridge, meters } = this.options;
    return [...stuckReadings(meters, bridge.meters), ...bridge.overdue];
  }
}

function outputStatus({ definition: { label, noun }, health }: ShownOutput): Status['outputs'][number] {
  return { label, noun, ...health };
}

function meterStatus({ name, port, schedule }: MeterConfig, status: MeterStatus | undefined): WrittenMeter {
  const { meter, online, diagnostics, latest = [] } = status ?? {};
  return {
    name,
    port,
    schedule: scheduleText(schedule),
    serialNumber: meter?.serialNumber,
    model: meter?.model ? modelText(meter.model) : undefined,
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

/**
 * A bridge that was just started still waits for these, in words of ours: those of a broker or a meter may hold what is
 * for nobody's eyes, and are in the log. Meters and statuses in the order of the configuration.
 */
export function notReady(
  broker: { readonly connected: boolean } | undefined,
  meters: readonly { readonly name: string }[],
  statuses: readonly Pick<MeterStatus, 'diagnostics'>[],
): readonly string[] {
  const unread = meters.filter((_, index) => (statuses[index]?.diagnostics.readings ?? 0) === 0);
  return [
    ...(broker?.connected === false ? ['The MQTT broker is not connected'] : []),
    ...unread.map(({ name }) => `${name} has not been read since the start`),
  ];
}
