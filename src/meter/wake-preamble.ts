import { WAKE_CALL, WAKE_CALL_BAUD_RATE } from '../kmp/wake-call.ts';
import { type Clock, sleep } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { ByteChannel } from '../transport/byte-channel.ts';

const BITS_PER_BYTE = 11;
/** A port may say that it has sent everything while the last bits are still on their way. */
const CALL_TIME = (WAKE_CALL.length * BITS_PER_BYTE * 1000) / WAKE_CALL_BAUD_RATE;
/** Kitsok/ha-kamstrup_403 gives its 403 a second to wake up. */
const TIME_TO_WAKE = 1_000;

/** Calls a meter that sleeps, at 300 baud, and leaves the line at `baudRate` again, in any case. */
export async function sendWakePreamble(channel: ByteChannel, baudRate: number, clock: Clock): Promise<void> {
  if (channel.setBaudRate === undefined) {
    const message = `${channel.name} cannot call the meter at 300 baud, because a port in the network keeps its speed. Set wakeUp to "none", or connect the head to this machine.`;
    throw new Multical2MqttError('usage', message);
  }
  await channel.setBaudRate(WAKE_CALL_BAUD_RATE);
  try {
    await channel.write(WAKE_CALL);
    await sleep(clock, CALL_TIME);
  } finally {
    await channel.setBaudRate(baudRate);
  }
  await sleep(clock, TIME_TO_WAKE);
}
