import { encodeGetRegisterReply, MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import { encodeGetSerialNoReply } from '../kmp/commands/get-serial-no.ts';
import type { Frame } from '../kmp/frame.ts';
import type { Message } from '../kmp/message.ts';
import type { Random } from '../shared/back-off.ts';
import type { VirtualMeter } from './virtual-meter.ts';

/**
 * A good reply to another request than the one asked: registers that nobody asked for, or the serial number of
 * another meter where registers were asked for.
 */
export function foreignReply(meter: VirtualMeter, request: Message, random: Random): Frame {
  const application =
    request.kind === 'get-register' && random() < 0.5
      ? encodeGetSerialNoReply(meter.serialNumber + 1)
      : encodeGetRegisterReply(meter.read(otherIds(meter, request)));
  return { direction: 'from-meter', destination: meter.address, application };
}

function otherIds(meter: VirtualMeter, request: Message): readonly number[] {
  const asked: readonly number[] = request.kind === 'get-register' ? request.ids : [];
  return meter.registerIds.filter((id) => !asked.includes(id)).slice(0, asked.length || MOST_REGISTERS);
}
