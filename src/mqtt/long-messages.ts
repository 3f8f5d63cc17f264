import { type Duplex, Transform } from 'node:stream';
import type { MqttClient } from 'mqtt';

const PUBLISH = 3;
const QOS_1 = 1;
const PINGRESP = Buffer.from([0xd0, 0]);
const NOTHING = Buffer.alloc(0);
/** Bytes before a message's payload: length of the topic, the topic, the packet's id. */
const MOST_BEFORE_PAYLOAD = 2 + 0xffff + 2;

interface Dropping {
  readonly size: number;
  readonly qos: number;
  /** Of the message: what stands before its payload, and perhaps some of that. */
  begin: Buffer;
}

interface LongMessageEvents {
  /** To be sent to the broker, which would wait for it, and in the end send no more. */
  acknowledge(bytes: Uint8Array): void;
  /** `size` in bytes. */
  dropped(topic: string, size: number): void;
}

/**
 * Lets the broker's bytes through, but for messages that are longer than `longest` (bytes): these are gone as they
 * arrive, and never whole in memory. To cut the connection would not do: a broker that holds such a message hands it out
 * again each time.
 */
export class LongMessageFilter extends Transform {
  private readonly longest: number;
  private readonly events: LongMessageEvents;
  /** The beginning of a packet whose length is not known yet. */
  private held = NOTHING;
  /** Bytes of the packet under way that are still to come. */
  private rest = 0;
  private dropping: Dropping | undefined;
  private pinged = false;

  constructor(longest: number, events: LongMessageEvents) {
    super();
    this.longest = longest;
    this.events = events;
  }

  /**
   * We asked the broker for a sign of life. While it hands out a long message it cannot answer; that the message goes on
   * is the sign.
   */
  asked(): void {
    this.pinged = this.dropping !== undefined;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = NOTHING;
    // From here on nothing has been let through yet.
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.rest === 0) {
        const packet = packetAt(bytes, at);
        if (packet === undefined) {
          this.held = Buffer.from(bytes.subarray(at));
          break;
        }
        const { type, qos, head, size } = packet;
        if (type === PUBLISH && head + size > this.longest) {
          this.push(bytes.subarray(from, at));
          this.dropping = { size, qos, begin: NOTHING };
        }
        this.rest = size;
        at += head;
      }
      const part = bytes.subarray(at, at + this.rest);
      this.rest -= part.length;
      at += part.length;
      if (this.dropping === undefined) continue;
      this.throwAway(part, this.dropping);
      from = at;
    }
    this.push(bytes.subarray(from, at));
    done();
  }

  private throwAway(part: Buffer, dropping: Dropping): void {
    const missing = MOST_BEFORE_PAYLOAD - dropping.begin.length;
    if (missing > 0) dropping.begin = Buffer.concat([dropping.begin, part.subarray(0, missing)]);
    if (this.pinged) this.push(PINGRESP);
    this.pinged = false;
    if (this.rest > 0) return;
    const { begin, qos, size } = dropping;
    const id = 2 + begin.readUInt16BE(0);
    this.dropping = undefined;
    if (qos === QOS_1) this.events.acknowledge(Buffer.concat([ACKNOWLEDGED, begin.subarray(id, id + 2)]));
    this.events.dropped(begin.toString('utf8', 2, id), size);
  }
}

/** Of the message with the id that follows; the same in MQTT 3.1.1 and 5. */
const ACKNOWLEDGED = Buffer.from([0x40, 2]);

/** What the fixed header at `at` says (MQTT 3.1.1 and 5, section 2); undefined while it is not whole. */
function packetAt(
  bytes: Buffer,
  at: number,
): { type: number; qos: number; head: number; size: number } | undefined {
  const first = bytes[at] ?? 0;
  const packet = { type: first >> 4, qos: (first >> 1) & 3 };
  let size = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + 1 + digit];
    if (byte === undefined) return undefined;
    size += (byte & 0x7f) * 128 ** digit;
    if (byte < 0x80) return { ...packet, head: 2 + digit, size };
  }
  // No length has a fifth digit: mqtt.js says what is wrong.
  return { ...packet, head: 5, size: 0 };
}

/** To be called before `client` connects. mqtt.js keeps a message whole before anybody may look at it. */
export function dropLongMessages(
  client: MqttClient,
  longest: number,
  dropped: LongMessageEvents['dropped'],
): void {
  const maker = client as unknown as { streamBuilder: (client: MqttClient) => Duplex };
  const { streamBuilder } = maker;
  maker.streamBuilder = (of) => {
    const stream = streamBuilder(of);
    const filter = new LongMessageFilter(longest, {
      acknowledge: (bytes) => stream.write(bytes),
      dropped,
    });
    client.on('packetsend', ({ cmd }) => {
      if (cmd === 'pingreq') filter.asked();
    });
    const pipe = stream.pipe.bind(stream);
    stream.pipe = (target) => {
      pipe(filter);
      return filter.pipe(target);
    };
    return stream;
  };
}
