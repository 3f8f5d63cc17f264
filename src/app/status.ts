import type { MeterStatus } from '../meter/meter.ts';

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

/** Readings that never end, or do not begin when they should; a meter or a broker that is away is none of it. */
export function stuckIn(
  bridge: { readonly meters: readonly MeterStatus[]; readonly overdue: readonly string[] },
  meters: readonly { readonly name: string }[],
): readonly string[] {
  return [...stuckReadings(meters, bridge.meters), ...bridge.overdue];
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
