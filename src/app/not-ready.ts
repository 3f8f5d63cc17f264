import type { PollerStatus } from '../polling/poller.ts';

/**
 * What a bridge that was just started still waits for, in words of ours: those of a broker or a meter may hold what is
 * for nobody's eyes, and are in the log. Meters and statuses in the order of the configuration.
 */
export function notReady(
  broker: { readonly connected: boolean } | undefined,
  meters: readonly { readonly name: string }[],
  statuses: readonly Pick<PollerStatus, 'diagnostics'>[],
): readonly string[] {
  const unread = meters.filter((_, index) => statuses[index]?.diagnostics.lastSuccessfulReading == null);
  return [
    ...(broker?.connected === false ? ['The MQTT broker is not connected'] : []),
    ...unread.map(({ name }) => `${name} has not been read since the start`),
  ];
}
