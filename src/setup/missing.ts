import type { Answers } from './answers.ts';
import { mountingAt } from './decisions.ts';
import { brokerIn, metersIn } from './plan.ts';
import type { Target } from './target.ts';

/** Flags without which a set-up cannot do without questions. `yes`: what is proposed counts as answered. */
export function missingFlags(
  { current }: Pick<Target, 'current'>,
  { meters, broker }: Answers,
  { yes }: { readonly yes: boolean },
): readonly string[] {
  const missing: string[] = [];
  if (meters.length === 0 && metersIn(current).length === 0) missing.push('--port');
  for (const { of, port, name, powering, mounting } of meters) {
    if (of !== null) continue;
    if (port === undefined) missing.push('--port');
    if (yes) continue;
    if (name === undefined) missing.push('--name');
    if (powering === undefined) missing.push('--powering');
    if (mounting === undefined && mountingAt(port ?? '') === undefined) missing.push('--mounting');
  }
  if (
    broker?.url === undefined &&
    brokerIn(current)?.url === undefined &&
    brokerIn(current)?.enabled !== false
  )
    missing.push('--broker (or --no-broker)');
  if (broker?.username !== undefined && broker.username !== '' && broker.password === undefined)
    missing.push('--password-file (or the environment variable MQTT_PASSWORD)');
  return missing;
}
