import type { LogEntry } from '../log/winston-logger.ts';
import type { BrokerState } from '../mqtt/connection.ts';
import { momentText } from '../shared/credible-clock.ts';
import type { DeliveryHealth } from '../shared/delivery.ts';
import type { SafeText } from '../shared/secrets.ts';
import { localTime } from '../shared/zoned-time.ts';
import { PAGE_STYLE } from './style.ts';

/** The content of the page. Texts are as they are, the page escapes them. */
export interface Status {
  readonly version: string;
  /** Milliseconds since 1970, as all times here; null while the clock is not set. */
  readonly startedAt: number | null;
  /** In words; undefined while the computer's clock can be right. */
  readonly clockProblem: string | undefined;
  /** Undefined where there is none. */
  readonly broker: BrokerState | undefined;
  /** Other places that readings go to. */
  readonly outputs: readonly OutputStatus[];
  readonly meters: readonly MeterStatus[];
  /** Oldest first. */
  readonly log: readonly LogEntry[];
}

interface OutputStatus extends DeliveryHealth {
  readonly label: string;
  /** One of what it delivers. */
  readonly noun: string;
}

export interface MeterStatus {
  readonly name: string;
  readonly port: string;
  readonly schedule: string;
  /** Undefined until it answered for the first time. */
  readonly serialNumber: string | undefined;
  readonly model: string | undefined;
  /** Undefined while it is not known. */
  readonly online: boolean | undefined;
  readonly lastReading: number | undefined;
  readonly lastError: SafeText | undefined;
  readonly readings: readonly ReadingStatus[];
}

interface ReadingStatus {
  readonly label: string;
  readonly text: string;
  readonly readAt: number;
}

const REFRESH_SECONDS = 15;
/** A meter can have a hundred values; so many are shown at once. */
const FIRST_VALUES = 8;
/** Milliseconds: a reading of everything takes a minute and more. */
const ONE_READING = 120_000;

/** The whole page, without scripts and without anything from elsewhere. `now`: milliseconds since 1970. */
export function renderPage(
  { version, startedAt, clockProblem, broker, outputs, meters, log }: Status,
  now: number,
): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>multical2mqtt</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<h1>multical2mqtt</h1>
<p class="faint">Version ${version}, running since ${shortTime(startedAt)}. Seen at ${shortTime(now)}, every ${REFRESH_SECONDS} seconds anew.</p>
${clockProblem === undefined ? NONE : html`<p class="bad">${clockProblem}.</p>`}
${meters.length === 0 ? NO_METER : meters.map(meterSection)}
${broker === undefined ? NONE : brokerSection(broker)}
${outputs.map(outputSection)}
<section>
<h2>Log</h2>
<ol>
${[...log].reverse().map(logLine)}
</ol>
</section>
</body>
</html>`;
  return page.text;
}

function meterSection(meter: MeterStatus): Html {
  const { name, port, schedule, serialNumber, model, lastReading, lastError, readings } = meter;
  const who = [model, serialNumber && `number ${serialNumber}`].filter((part) => part).join(', ');
  const [first, rest] = [readings.slice(0, FIRST_VALUES), readings.slice(FIRST_VALUES)];
  const newest = Math.max(...readings.map(({ readAt }) => readAt));
  return html`<section>
<h2>${name}</h2>
<p class="${meterMark(meter)}">${meterState(meter)}</p>
${lastError === undefined ? NONE : html`<p>Last error: ${lastError}</p>`}
<p class="faint">${who === '' ? '' : `${who}, `}at ${port}, read on the schedule ${schedule}</p>
${lastReading === undefined ? NONE : html`<p class="faint">Last reading: ${shortTime(lastReading)}</p>`}
${first.length === 0 ? NONE : table(first, newest)}
${rest.length === 0 ? NONE : html`<details><summary>${rest.length} more values</summary>${table(rest, newest)}</details>`}
</section>`;
}

function meterState({ online, lastError, serialNumber }: MeterStatus): string {
  if (online === false) return 'Does not answer';
  if (lastError !== undefined) return 'The last reading failed';
  if (online === true) return 'Answers';
  return serialNumber === undefined ? 'Has not answered yet' : 'Not read since the start';
}

function meterMark({ online, lastError }: MeterStatus): string {
  if (online === false || lastError !== undefined) return 'bad';
  return online === true ? 'good' : 'wait';
}

/** `newest`: when the newest value was read; of those that came with it nothing is said. */
function table(readings: readonly ReadingStatus[], newest: number): Html {
  const rows = readings.map(({ label, text, readAt }) => {
    const age =
      Math.abs(newest - readAt) > ONE_READING
        ? html`<br><span class="faint">${shortTime(readAt)}</span>`
        : NONE;
    return html`<tr title="${shortTime(readAt)}"><td>${label}${age}</td><td class="value">${text}</td></tr>`;
  });
  return html`<table>${rows}</table>`;
}

function brokerSection({ connected, address, problem }: BrokerState): Html {
  const state = connected ? 'Connected' : 'Not connected';
  return html`<section>
<h2>MQTT broker</h2>
<p class="${connected ? 'good' : 'bad'}">${state}${address === undefined ? '' : `: ${address}`}</p>
${problem === undefined ? NONE : html`<p>${problem}</p>`}
</section>`;
}

function outputSection(output: OutputStatus): Html {
  const { label, noun, waiting, delivered, refused, lost, lastDelivery, problem } = output;
  const counts = [
    `${delivered} ${noun}s delivered since the start`,
    `${waiting} waiting`,
    ...(refused > 0 ? [`${refused} refused and set aside`] : []),
    ...(lost > 0 ? [`${lost} given up`] : []),
  ];
  const state = problem === null ? (lastDelivery === null ? 'Nothing delivered yet' : 'Works') : 'In trouble';
  const mark = problem === null ? (lastDelivery === null ? 'wait' : 'good') : 'bad';
  return html`<section>
<h2>${label}</h2>
<p class="${mark}">${state}</p>
${problem === null ? NONE : html`<p>${problem}</p>`}
<p class="faint">${counts.join(', ')}${lastDelivery === null ? '' : `. Last delivery: ${shortTime(lastDelivery)}`}</p>
</section>`;
}

function logLine({ time, level, message }: LogEntry): Html {
  const mark = { error: 'bad', warn: 'wait', info: '', debug: 'faint' }[level];
  return html`<li><span class="${mark}">${shortText(localTime(time))} ${level}</span> ${message}</li>`;
}

function shortTime(moment: number | null): string {
  const text = momentText(moment);
  return text === null ? 'a time that is not known' : shortText(text);
}

function shortText(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}

/** Text that is HTML already. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | readonly Html[];

/** A template whose values are escaped, unless they are HTML already. */
function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, index) => `${text}${render(parts[index] ?? '')}`).join(''));
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('\n');
  return String(part).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

const NONE = html``;

const NO_METER = html`<section>
<h2 class="wait">No meter yet</h2>
<p>Open the tab Configuration of this add-on, and in it "Meter". Under "Device" choose the optical head at this machine, or give the "Network address" of a head elsewhere as host:port. Then save, and restart the add-on.</p>
</section>`;
