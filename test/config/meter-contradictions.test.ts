import { describe, expect, it } from 'vitest';
import { loadFile, METER, problemsInMeter } from './loading.ts';

describe('keys of one meter that do not fit together', () => {
  it('the call at 300 baud needs a port of this machine', () => {
    const port = 'TCP://192.168.1.20:2000';
    expect(problemsInMeter({ port, wakeUp: 'preamble' })).toEqual([
      'meters[0].wakeUp: must be "none" for a port in the network, because such a port keeps its speed and cannot call the meter at 300 baud',
    ]);
    expect(loadFile({ meters: [{ ...METER, port, wakeUp: 'none' }] }).config.meters).toHaveLength(1);
    const { config } = loadFile({ meters: [{ ...METER, port: '/dev/ttyUSB0', wakeUp: 'preamble' }] });
    expect(config.meters[0]?.wakeUp).toBe('preamble');
  });
});
