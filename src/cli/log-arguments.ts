import { InvalidArgumentError } from 'commander';
import { LOGGERS, type LoggerName } from '../catalogue/loggers.ts';
import { SPAN_FORMS, type Span, spanOf, type WrittenSpan } from '../loggers/written-span.ts';
import { Multical2MqttError } from '../shared/errors.ts';

/** For each of the loggers. Error `usage` where it is none. */
export function spansOf(
  loggers: readonly LoggerName[],
  written: WrittenSpan,
  timezone: string,
): ReadonlyMap<LoggerName, Span> {
  return new Map(
    loggers.map((name) => {
      const span = spanOf(written, name, timezone);
      if (span !== undefined && isForwards(span)) return [name, span];
      if (span !== undefined) throw new Multical2MqttError('usage', '--from is later than --to.');
      throw new Multical2MqttError('usage', `--from and --to are each ${SPAN_FORMS}.`);
    }),
  );
}

function isForwards({ from, to }: Span): boolean {
  return from === undefined || to === undefined || from <= to;
}

/** An argument parser: `day,month`. */
export function loggerNames(text: string): readonly LoggerName[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const names = words.map((word) => {
    const name = LOGGERS.find((each) => each === word.toLowerCase());
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`"${word}" is none of ${LOGGERS.join(', ')}.`);
  });
  if (names.length === 0) throw new InvalidArgumentError(`Name one of ${LOGGERS.join(', ')}.`);
  return [...new Set(names)];
}
