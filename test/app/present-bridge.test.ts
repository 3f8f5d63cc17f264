import { expect, it } from 'vitest';
import type { Bridge } from '../../src/app/bridge.ts';
import { PresentBridge } from '../../src/app/present-bridge.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('reads on with the old configuration where the bridge did not end well', async () => {
  const config = bridgeConfig({ meters: [{ port: 'tcp://10.0.0.1:2000' }] }, temporaryFolder());
  const started: string[] = [];
  const bridge = (name: string) =>
    ({
      start: () => started.push(name),
      stop: () => Promise.reject(new Error('an output hangs')),
    }) as unknown as Bridge;
  const present = new PresentBridge(bridge('first'), config);
  const renewed = present.renew({ ...config }, async () => bridge('second'));
  await expect(renewed).rejects.toThrow('an output hangs');
  expect(started).toEqual(['second']);
  expect(present.config).toBe(config);
});
