import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** An MQTT broker within this process, for the demo. Listens on this machine only and forgets everything when closed. */
export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** `port` 0: any free one. */
export async function startEmbeddedBroker(port: number): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    const message = `Cannot listen on 127.0.0.1:${port}: ${messageOf(cause)}. Choose another port with --mqtt-port.`;
    throw new Multical2MqttError('port-failed', message, { cause });
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
