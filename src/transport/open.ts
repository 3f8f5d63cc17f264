import { Multical2MqttError } from '../shared/errors.ts';
import type { ByteChannelFactory } from './channel.ts';
import { SerialPortChannel } from './serial-channel.ts';
import { TcpChannel } from './tcp-channel.ts';

/** `port`: `tcp://host:port`, or the path of a serial port. */
export function channelFactory(port: string, baudRate: number): ByteChannelFactory {
  if (!isNetworkPort(port)) return () => new SerialPortChannel(port, baudRate);
  const url = URL.canParse(port) ? new URL(port) : undefined;
  if (!url?.hostname || !url.port) {
    throw new Multical2MqttError(
      'usage',
      `${port} is no network port: write tcp://host:port, for example tcp://192.168.1.20:2000`,
    );
  }
  const { hostname, port: number } = url;
  return () => new TcpChannel(hostname, Number(number));
}

export function isNetworkPort(port: string): boolean {
  return /^tcp:/i.test(port);
}
