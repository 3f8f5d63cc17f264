import type { MeterAnswers, SeenMeter } from '../../setup/answers.ts';
import { type TestedHead, testHead } from '../../setup/head-test.ts';
import { meterNamed } from '../../setup/plan.ts';
import { hasCode } from '../../shared/errors.ts';
import { type MeterOptions, oneShotOptions } from '../meter-options.ts';
import { identifyMeter, type OneShotOptions } from '../one-shot.ts';
import type { Sitting } from './sitting.ts';

/** How the meter is asked: as the present configuration says, if it has it, and with the port of a bridge that runs. */
export function accessTo({ io, target }: Sitting, { of, port, baudRate }: MeterAnswers): OneShotOptions {
  const { address, wakeUp, baudRate: speed } = meterNamed(target.current, of) ?? {};
  const options: MeterOptions = {
    ...(port !== undefined && { port }),
    ...(typeof address === 'number' && { address }),
    ...(wakeUp === 'preamble' && { wakeUp }),
    ...((baudRate ?? speed) !== undefined && { baudRate: baudRate ?? Number(speed) }),
  };
  try {
    return oneShotOptions(target.from === null ? options : { ...options, config: target.from }, io);
  } catch (error) {
    // A faulty file is what a set-up may be for.
    if (!hasCode(error, 'config')) throw error;
    return oneShotOptions(options, { ...io, environment: {} });
  }
}

/** Who answers at the meter's port, or what is wrong there. */
export function testMeter(sitting: Sitting, meter: MeterAnswers): Promise<TestedHead> {
  const identify = async (): Promise<SeenMeter> => {
    const { serialNumber, model, kind, eye } = (await identifyMeter(accessTo(sitting, meter))).meter;
    return { serialNumber, model, kind, eye };
  };
  return testHead(
    meter.port ?? '',
    identify,
    'Then log out and in again, and run `multical2mqtt setup` once more: it goes on here.',
  );
}

export function meterWords({ model, serialNumber }: SeenMeter): string {
  return `${model ?? 'a meter of a model that it does not tell'}, serial number ${serialNumber}`;
}
