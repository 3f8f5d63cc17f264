import { labelIn } from '../catalogue/labels/label-in.ts';
import { KNOWN_REGISTER_IDS, registerInfo } from '../catalogue/registers.ts';
import type { Language } from '../catalogue/texts/languages.ts';
import { toHex } from '../kmp/bytes.ts';
import { encodeRegisterRecord } from '../kmp/register.ts';
import type { Meter, MeterStatus } from '../meter/meter.ts';
import type { HeardRegister } from '../meter/register-memory.ts';
import { type Reading, readingValueText, toReading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { wallTime } from '../shared/credible-clock.ts';
import { Multical2MqttError, sentenceOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { RegisterState } from '../web/api.ts';
import { Refused } from '../web/route.ts';
import type { RegistersSource } from '../web/routes/registers.ts';

interface AskedBridge {
  /** In the order of the configuration. */
  readonly meters: readonly Pick<MeterStatus, 'latest'>[];
  meterAt(index: number): Pick<Meter, 'heard' | 'ask'> | undefined;
}

interface RegistersOptions {
  readonly bridge: AskedBridge;
  readonly meters: readonly { readonly name: string }[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The registers of the meters as the page shows them. */
export class BridgeRegisters implements RegistersSource {
  private readonly options: RegistersOptions;

  constructor(options: RegistersOptions) {
    this.options = options;
  }

  registers(name: string, language: Language): readonly RegisterState[] | undefined {
    const { bridge } = this.options;
    const index = this.indexOf(name);
    const meter = bridge.meterAt(index);
    if (meter === undefined) return undefined;
    const heard = meter.heard.map((one) => this.heard(one, language));
    const known = new Set(heard.map(({ id }) => id));
    // Of an earlier run nobody has the bytes.
    const remembered = (bridge.meters[index]?.latest ?? []).flatMap((reading) =>
      reading.register === null || known.has(reading.register)
        ? []
        : [this.state(reading.register, reading, null, language)],
    );
    return [...heard, ...remembered].sort((one, other) => one.id - other.id);
  }

  ask(
    name: string,
    ids: readonly number[],
    language: Language,
    gone: AbortSignal,
  ): Promise<readonly RegisterState[]> | undefined {
    const meter = this.options.bridge.meterAt(this.indexOf(name));
    return meter && this.answers(meter, ids, language, gone);
  }

  private async answers(
    meter: Pick<Meter, 'ask'>,
    ids: readonly number[],
    language: Language,
    gone: AbortSignal,
  ): Promise<readonly RegisterState[]> {
    const answer = await meter.ask(ids, gone).catch((error: unknown) => {
      if (!(error instanceof Multical2MqttError)) throw error;
      // None that a proxy would put a page of its own in place of.
      throw new Refused(409, this.options.logger.withoutSecrets(sentenceOf(error)));
    });
    if ('because' in answer) throw new Refused(answer.because === 'too-soon' ? 429 : 409, answer.reason);
    return answer.map((one) => this.heard(one, language));
  }

  private heard({ record, readAt }: HeardRegister, language: Language): RegisterState {
    // Without the id, which stands beside it.
    const [, , ...bytes] = encodeRegisterRecord(record);
    return this.state(record.id, toReading(record, readAt), toHex(Uint8Array.from(bytes)), language);
  }

  private state(id: number, reading: Reading, bytes: string | null, language: Language): RegisterState {
    const { quantity, label } = registerInfo(id);
    const isKnown = KNOWN_REGISTER_IDS.includes(id);
    return {
      id,
      label: isKnown ? labelIn(language, quantity, label) : null,
      quantity: isKnown ? quantity : null,
      value: readingValueText(reading.value),
      unit: reading.unit === '' ? null : reading.unit,
      bytes,
      readAt: wallTime(reading.readAt, this.options.clock),
    };
  }

  private indexOf(name: string): number {
    return this.options.meters.findIndex((meter) => meter.name === name);
  }
}
