import { describeValue } from '../schema/fault.ts';

/** What a person calls a port: as the program writes it, or why it is none. */
export type PortName = { readonly port: string } | { readonly fault: string };

const IS =
  'a path such as "/dev/serial/by-id/usb-...", a Windows port such as "COM3", or "tcp://host:port" (port 1 to 65535)';
/** What any of them must be, to be followed by what was found in its place. */
export const PORTS = `must be ${IS}`;

const RAW =
  'Set the gateway to bare bytes (in ser2net "raw" or "tcp" without telnet; elsewhere "TCP server", "raw TCP" or "transparent") at 1200 baud, 8 data bits, no parity, 2 stop bits (8N2), and write "tcp://host:port"';

/** Forms of other programs that say how to talk, not only where, and what to do in place of that. */
const OTHER_TONGUES: readonly (readonly [form: RegExp, instead: string])[] = [
  [
    /^rfc2217:\/\//i,
    `"rfc2217://" is a serial port behind telnet, whose signs would damage the meter's bytes. ${RAW}`,
  ],
  [/^telnet:\/\//i, `"telnet://" changes bytes on their way, which damages the meter's. ${RAW}`],
  [
    /^esphome(-\w+)?:\/\//i,
    `"esphome://" is the interface of ESPHome itself, which this program does not speak. Put the component stream_server on the ESP's uart (baud_rate: 1200, stop_bits: 2), and write "tcp://name-of-the-esp.local:6638"`,
  ],
  [
    /^(udp|https?|wss?|mqtts?|rfc\d+|spy|loop|hwgrep):\/\//i,
    `is none that carries the meter's bytes as they are. ${RAW}`,
  ],
];

/** `socket://host:port` of pyserial, `tcp:host:port` of socat, `tcp,host,port` of ser2net, and the bare `host:port`. */
const SCHEME = /^(?:(?:tcp|socket):\/\/|tcp[46]?:(?!\/)|tcp,)/i;
/** pyserial takes options behind the address; none of them is for a line of bare bytes. */
const TAIL = /(?:\/|\/?\?[^/]*)$/;
const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\],]+)[:,](\d{1,5})$/i;

/** Knows a port in the forms of this program and of others. What was right in earlier versions stays as it is written. */
export function portNamed(text: string): PortName {
  const name = text.trim();
  if (/^\/.+$/.test(name) || /^COM[1-9]\d{0,2}$/i.test(name)) return { port: name };
  const windows = /^\\\\[.?]\\(COM[1-9]\d{0,2})$/i.exec(name)?.[1];
  if (windows !== undefined) return { port: windows };
  const [, device] = /^(?:serial|file):(?:\/\/)?(\/[^/].*)$/i.exec(name) ?? [];
  if (device !== undefined) return { port: device };
  const [, instead] = OTHER_TONGUES.find(([form]) => form.test(name)) ?? [];
  if (instead !== undefined) return { fault: instead };
  return networkPort(name) ?? { fault: `${PORTS}, not ${describeValue(name)}${hintFor(name)}` };
}

function networkPort(name: string): PortName | undefined {
  const [, host, number] = HOST_AND_PORT.exec(name.replace(SCHEME, '').replace(TAIL, '')) ?? [];
  if (host === undefined || Number(number) < 1 || Number(number) > 65535) return undefined;
  return { port: /^tcp:\/\/[^/?]+$/i.test(name) ? name : `tcp://${host}:${number}` };
}

function hintFor(name: string): string {
  if (/^tty\w+$/.test(name)) return `; did you mean "/dev/${name}"?`;
  const bare = name.replace(SCHEME, '');
  const isHost = /^[\w-]+(\.[\w-]+)+\/?$/.test(bare) || (bare !== name && /^[\w-]+\/?$/.test(bare));
  return isHost ? '; the number of the port is missing behind the host' : '';
}
