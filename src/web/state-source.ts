import type { Language } from '../catalogue/texts/languages.ts';
import type { BridgeState, LogLine, MeterState, OutputState, Value } from './api.ts';

/** The bridge, for whoever looks at it. */
export interface StateSource {
  head(): Omit<BridgeState, 'meters' | 'outputs'>;
  outputs(): readonly OutputState[];
  /** In the order of the configuration; of a meter of which nothing has changed, the same object. */
  meters(language: Language): readonly MeterState[];
  /** Undefined: there is no such meter. */
  values(name: string, language: Language): readonly Value[] | undefined;
  /** Oldest first, from the line with this number on; the next one will have the number `next`. */
  log(from: number): { readonly lines: readonly LogLine[]; readonly next: number };
  /** Asks for a reading. Undefined: there is no such meter. */
  read(
    name: string,
  ): 'taken' | { readonly because: 'too-soon' | 'enough-today'; readonly reason: string } | undefined;
}
