/** What a broker takes. It says so when it lets us in (MQTT 5), or is known for it. */
export interface BrokerLimits {
  /** Bytes of a packet; undefined where the broker says nothing. */
  readonly packet?: number;
  readonly keepsMessages: boolean;
  readonly qos: 0 | 1;
  /** Messages that may wait to be confirmed. */
  readonly underWay: number;
  /** Levels of a topic; undefined where the broker says nothing. */
  readonly levels?: number;
}

/** Properties of CONNACK (MQTT 5, section 3.2.2.3). */
interface Announced {
  readonly maximumPacketSize?: number;
  readonly maximumQoS?: number;
  readonly retainAvailable?: boolean;
  readonly receiveMaximum?: number;
}

/** More than a hundred is more than AWS IoT Core takes, and of no use to anybody. */
const MOST_UNDER_WAY = 100;

/** Nothing is known of the broker. */
export const NO_LIMITS: BrokerLimits = { keepsMessages: true, qos: 1, underWay: MOST_UNDER_WAY };

/** Of its documentation, "AWS IoT Core message broker and protocol limits and quotas"; it disconnects whoever goes beyond. */
const AWS_IOT = { packet: 128 * 1024, levels: 8 };
const AWS_IOT_HOST = /\.iot\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

export function brokerLimits(url: string, announced: Announced = {}): BrokerLimits {
  const { maximumPacketSize, maximumQoS, retainAvailable, receiveMaximum } = announced;
  return {
    ...NO_LIMITS,
    ...(URL.canParse(url) && AWS_IOT_HOST.test(new URL(url).hostname) && AWS_IOT),
    ...(maximumPacketSize !== undefined && { packet: maximumPacketSize }),
    ...(maximumQoS === 0 && { qos: 0 }),
    ...(retainAvailable === false && { keepsMessages: false }),
    ...(receiveMaximum !== undefined && { underWay: Math.min(receiveMaximum, MOST_UNDER_WAY) }),
  };
}

/** Bytes of a message as it goes to the broker (MQTT 3.1.1 and 5, section 3.3). */
export function packetSize(topic: string, payload: string, protocolVersion: number): number {
  const properties = protocolVersion === 5 ? 1 : 0;
  const rest = 2 + Buffer.byteLength(topic) + 2 + properties + Buffer.byteLength(payload);
  const digits = rest < 128 ? 1 : rest < 128 ** 2 ? 2 : rest < 128 ** 3 ? 3 : 4;
  return 1 + digits + rest;
}
