import { read } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(read);

/** An open port as serialport's bindings have it on Unix; elsewhere there is no descriptor. */
interface Descriptor {
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', listener: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

/**
 * Lets an open port end when it hangs up. A terminal that has hung up reads as nothing, at once and for ever; serialport
 * would ask it again and again, with all of a processor, and never close it. Only a port that is waited for at that very
 * moment tells in another way.
 */
export function endWithHangUp(port: unknown): void {
  if (!hasDescriptor(port)) return;
  port.read = async (buffer, offset, length) => {
    for (;;) {
      if (port.fd === null) throw Object.assign(new Error('the port was closed'), { canceled: true });
      const bytesRead = await readNow(port.fd, buffer, offset, length);
      if (bytesRead === 0) throw new Error('the port has hung up');
      if (bytesRead !== undefined) return { buffer, bytesRead };
      await readable(port);
    }
  };
}

/** Undefined while there is nothing to read. */
async function readNow(
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<number | undefined> {
  try {
    return (await readAsync(fd, buffer, offset, length, null)).bytesRead;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EAGAIN' || code === 'EINTR') return undefined;
    throw error;
  }
}

/** Rejects when the port hangs up meanwhile, or is closed. */
function readable({ fd, poller }: Descriptor): Promise<void> {
  return new Promise((resolve, reject) => {
    // Closed while we read: nobody would call.
    if (fd === null) return resolve();
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}

function hasDescriptor(port: unknown): port is Descriptor {
  return typeof port === 'object' && port !== null && 'fd' in port && 'poller' in port;
}
