import type { MeterConfig } from './config.ts';
import type { Fault } from './fault.ts';

/** Keys of one meter that are right each by itself, but not together. Values may still be of wrong types. */
export function contradictions({ port, wakeUp }: MeterConfig): readonly Fault[] {
  return wakeUp === 'preamble' && /^tcp:/i.test(String(port))
    ? [
        {
          path: 'wakeUp',
          text: 'must be "none" for a port in the network, because such a port keeps its speed and cannot call the meter at 300 baud',
        },
      ]
    : [];
}
