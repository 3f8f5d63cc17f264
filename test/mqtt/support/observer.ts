import { Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { eventually } from '../../support/eventually.ts';

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
}

/** What a user with an MQTT client sees of everything at the broker. */
export class Observer {
  readonly messages: Message[] = [];
  private readonly client: MqttClient;

  private constructor(client: MqttClient) {
    this.client = client;
    const noDelay = () => client.stream instanceof Socket && client.stream.setNoDelay();
    client.on('connect', noDelay);
    noDelay();
    client.on('message', (topic, payload, packet) => {
      // A broker that has not heard our confirmation hands it out once more.
      if (packet.dup && this.of(topic).includes(payload.toString())) return;
      this.messages.push({ topic, payload: payload.toString(), retained: packet.retain });
    });
  }

  static async connect(
    url: string,
    options: IClientOptions = {},
    filters: string[] = ['#'],
  ): Promise<Observer> {
    const client = await connectAsync(url, { reconnectPeriod: 50, ...options });
    client.on('error', () => {});
    const observer = new Observer(client);
    await client.subscribeAsync(filters, { qos: 1 });
    return observer;
  }

  of(topic: string): string[] {
    return this.messages.filter((message) => message.topic === topic).map(({ payload }) => payload);
  }

  /** The newest payload of a topic; undefined where there is none, or an empty one. */
  latest(topic: string): string | undefined {
    return this.of(topic).at(-1) || undefined;
  }

  sees(topic: string, payload: string): Promise<unknown> {
    return eventually(() => this.latest(topic) === payload);
  }

  async publish(topic: string, payload: string, retain = false): Promise<void> {
    await this.client.publishAsync(topic, payload, { qos: 1, retain });
  }

  async end(): Promise<void> {
    await this.client.endAsync(true);
  }
}
