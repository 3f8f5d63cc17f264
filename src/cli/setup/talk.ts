import type { Readable, Writable } from 'node:stream';
import type * as Clack from '@clack/prompts';
import { untilAborted } from '../../shared/clock.ts';
import type { SafeText } from '../../shared/secrets.ts';
import type { Io } from '../io.ts';

/** Whoever is asked has gone. */
export class Left extends Error {}

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

interface TextQuestion {
  readonly message: string;
  /** Stands there to be taken or changed. */
  readonly initial?: string;
  /** Is meant where nothing is typed. */
  readonly proposal?: string;
  /** Why a text is no answer; undefined: it is one. */
  readonly fault?: (text: string) => string | undefined;
}

const CTRL_C = '\x03';
const WIDEST = 100;
const USUAL_SIZE = { columns: 80, rows: 24 };
/** The bar at the left, and a blank. */
const MARGIN = 4;

/** A conversation on a terminal. Every question throws `Left` where Ctrl+C is pressed or the program is to end. */
export class Talk {
  private readonly clack: typeof Clack;
  private readonly io: Io;
  private leaves = false;

  private constructor(clack: typeof Clack, io: Io) {
    this.clack = clack;
    this.io = io;
  }

  /** Its library is loaded here only: a bridge has no use for it. */
  static async begin(io: Io): Promise<Talk> {
    // A terminal that nobody told its size, such as one on a serial line, says 0 until somebody does.
    if (io.out.columns === 0) Object.assign(io.out, USUAL_SIZE);
    return new Talk(await import('@clack/prompts'), io);
  }

  title(text: string): void {
    this.clack.intro(this.safe(text), this.streams);
  }

  end(text: string): void {
    this.clack.outro(this.fold(text), this.streams);
  }

  say(text: string): void {
    this.clack.log.message(this.fold(text), this.streams);
  }

  done(text: string): void {
    this.clack.log.success(this.fold(text), this.streams);
  }

  warn(text: string): void {
    this.clack.log.warn(this.fold(text), this.streams);
  }

  /** Lines as they are. */
  show(text: string): void {
    this.clack.log.message(this.safe(text), this.streams);
  }

  async text({ message, initial, proposal, fault }: TextQuestion): Promise<string> {
    const text = await this.ask<string>((streams) =>
      this.clack.text({
        ...streams,
        message: this.fold(message),
        ...(initial !== undefined && { initialValue: initial }),
        ...(proposal !== undefined && { placeholder: proposal, defaultValue: proposal }),
        validate: (value) => fault?.(value || (proposal ?? '')),
      }),
    );
    return text.trim();
  }

  /** Nothing of it is seen but its length. */
  async secret({ message, fault }: Pick<TextQuestion, 'message' | 'fault'>): Promise<string> {
    const secret = await this.ask<string>((streams) =>
      this.clack.password({
        ...streams,
        message: this.fold(message),
        validate: (value) => fault?.(value ?? ''),
      }),
    );
    this.io.secrets.add(secret);
    return secret;
  }

  async choose<Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
    initial?: Value,
  ): Promise<Value> {
    const options = choices.map(({ value, label, hint }) => ({
      value: value as string,
      label: this.safe(label),
      ...(hint !== undefined && { hint: this.safe(hint) }),
    }));
    const chosen = await this.ask((streams) =>
      this.clack.select<string>({
        ...streams,
        message: this.fold(message),
        options,
        showInstructions: false,
        ...(initial !== undefined && { initialValue: initial }),
      }),
    );
    return chosen as Value;
  }

  agreed(message: string, initial: boolean): Promise<boolean> {
    return this.ask<boolean>((streams) =>
      this.clack.confirm({ ...streams, message: this.fold(message), initialValue: initial }),
    );
  }

  /** Waits for `work`, as long as nobody leaves meanwhile. */
  during<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
    this.say(text);
    return this.unlessLeft(async (signal) => {
      const left = untilAborted(signal).then(() => {
        throw new Left();
      });
      return Promise.race([work(), left]);
    });
  }

  /** Calls at the next key, whatever it is; Ctrl+C is one that leaves. To be ended before the next question. */
  onKey(pressed: () => void): { end(): void } {
    const input = this.io.input as Readable & { setRawMode?(raw: boolean): void };
    const heard = (bytes: Buffer | string): void => {
      this.leaves ||= String(bytes).includes(CTRL_C);
      pressed();
    };
    input.setRawMode?.(true);
    input.on('data', heard);
    return {
      end: () => {
        input.off('data', heard);
        input.setRawMode?.(false);
        input.pause();
      },
    };
  }

  leaveIfTold(): void {
    if (this.leaves || this.io.signal.aborted) throw new Left();
  }

  private get streams(): { input: Readable; output: Writable } {
    const { input, out } = this.io;
    return { input: input as Readable, output: out as Writable };
  }

  private async ask<Value>(
    question: (streams: {
      input: Readable;
      output: Writable;
      signal: AbortSignal;
    }) => Promise<Value | symbol>,
  ): Promise<Value> {
    const answer = await this.unlessLeft((signal) => question({ ...this.streams, signal }));
    if (typeof answer === 'symbol') throw new Left();
    return answer;
  }

  /** With a signal for this one thing, because nobody stops listening to what was given to him. */
  private async unlessLeft<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { signal } = this.io;
    if (signal.aborted) throw new Left();
    const own = new AbortController();
    const end = (): void => own.abort();
    signal.addEventListener('abort', end);
    try {
      return await work(own.signal);
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  private safe(text: string): SafeText {
    return this.io.secrets.hideIn(text);
  }

  /** In lines that fit, so that the bar at their left stays whole. */
  private fold(text: string): string {
    const width = Math.min(WIDEST, this.io.out.columns ?? WIDEST) - MARGIN;
    const fold = (line: string): string => {
      const lines = [''];
      for (const word of line.split(' ')) {
        const last = lines.at(-1) ?? '';
        if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
        else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
      }
      return lines.join('\n');
    };
    return this.safe(text).split('\n').map(fold).join('\n');
  }
}
