import { WebSocket } from 'undici';

export interface State {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A row of the entity registry. */
export interface Entity {
  readonly entity_id: string;
  readonly unique_id: string;
  readonly device_id: string;
  readonly platform: string;
  readonly disabled_by: string | null;
  readonly entity_category: string | null;
  readonly name: string | null;
  readonly original_name: string | null;
  readonly area_id: string | null;
  readonly icon: string | null;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly name_by_user: string | null;
  readonly model: string | null;
  readonly model_id: string | null;
  readonly sw_version: string | null;
  readonly hw_version: string | null;
  readonly serial_number: string | null;
  readonly configuration_url: string | null;
  readonly via_device_id: string | null;
  readonly identifiers: readonly (readonly string[])[];
}

interface Answer {
  readonly id: number;
  readonly type: string;
  readonly success: boolean;
  readonly result: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Home Assistant's WebSocket API, as its own pages use it. One connection, until it ends. */
export class Api {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  static async connect(url: string, token: string): Promise<Api> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/websocket`);
    const api = new Api(socket);
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => {
        reject(new Error(why));
        api.fail(why);
      };
      socket.addEventListener('error', () => fail('Home Assistant does not answer'));
      socket.addEventListener('close', () => fail('Home Assistant closed the connection'));
      socket.addEventListener('message', ({ data }) => {
        const answer = JSON.parse(String(data)) as Answer;
        if (answer.type === 'auth_required') {
          socket.send(JSON.stringify({ type: 'auth', access_token: token }));
        } else if (answer.type === 'auth_ok') {
          resolve();
        } else if (answer.type === 'auth_invalid') {
          fail('Home Assistant refuses the token');
        } else {
          api.received(answer);
        }
      });
    });
    return api;
  }

  async ask<Result>(type: string, body: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    const id = ++this.lastId;
    const answered = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    this.socket.send(JSON.stringify({ id, type, ...body }));
    return (await answered) as Result;
  }

  async states(): Promise<ReadonlyMap<string, State>> {
    const states = await this.ask<State[]>('get_states');
    return new Map(states.map((state) => [state.entity_id, state]));
  }

  /** Those of our bridge and its meters, by unique id. */
  async entities(): Promise<ReadonlyMap<string, Entity>> {
    const entities = await this.ask<Entity[]>('config/entity_registry/list');
    return new Map(
      entities.filter(({ platform }) => platform === 'mqtt').map((each) => [each.unique_id, each]),
    );
  }

  async devices(): Promise<readonly Device[]> {
    const devices = await this.ask<Device[]>('config/device_registry/list');
    return devices.filter(({ identifiers }) => identifiers.some(([domain]) => domain === 'mqtt'));
  }

  async call(service: string, entity: string): Promise<void> {
    const [domain, name] = service.split('.');
    await this.ask('call_service', { domain, service: name, target: { entity_id: entity } });
  }

  end(): void {
    this.socket.close();
  }

  private received({ id, success, result, error }: Answer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (success) waiting?.resolve(result);
    else waiting?.reject(new Error(`${error?.code}: ${error?.message}`));
  }

  private fail(why: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(why));
    this.waiting.clear();
  }
}
