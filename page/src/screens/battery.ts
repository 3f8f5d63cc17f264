import { html, type PropertyValues, svg, type TemplateResult } from 'lit';
import type { BatteryState, MeterState } from '../../../src/web/api.ts';
import { get, meterPath } from '../api.ts';
import { rounded } from '../format.ts';
import { chosenMeter, meterChooser } from '../parts/meter-chooser.ts';
import { note } from '../parts/note.ts';
import { Part } from '../parts/part.ts';
import { say, sayNamed, tag } from '../say.ts';

const [WIDTH, HEIGHT] = [340, 120];
/** Less than a tenth from what is assumed is as assumed. */
const [LITTLE, FAIR, MUCH] = [0.9, 1.1, 2];

/** What reading has cost the meter's battery, beside what its maker reckons with. */
class Battery extends Part {
  static override properties = {
    meters: { attribute: false },
    name: { attribute: false },
    battery: { state: true },
    problem: { state: true },
  };
  declare meters: readonly MeterState[];
  declare name: string | undefined;
  declare battery: BatteryState | undefined;
  declare problem: string;
  private meter: MeterState | undefined;

  constructor() {
    super();
    Object.assign(this, { meters: [], problem: '' });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('meters') && !changed.has('name')) return;
    const before = this.meter;
    this.meter = chosenMeter(this.meters, this.name);
    if (this.meter?.name !== before?.name) Object.assign(this, { battery: undefined, problem: '' });
    if (this.meter?.name !== before?.name || this.meter?.lastReading !== before?.lastReading)
      void this.fetch();
  }

  private async fetch(): Promise<void> {
    const name = this.meter?.name;
    if (name === undefined) return;
    try {
      const battery = await get<BatteryState>(meterPath(name, 'battery'));
      if (name !== this.meter?.name) return;
      this.battery = battery;
      this.problem = '';
    } catch (error) {
      if (name === this.meter?.name) this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  protected override render(): TemplateResult {
    const { meter, battery, problem } = this;
    if (meter === undefined) return html`<p class="empty">${say('noMeter')}</p>`;
    const chooser = meterChooser('battery', this.meters, meter.name);
    return html`<div class="row end">${chooser}</div>${problem === '' ? '' : note('bad', problem)}
      ${battery === undefined ? html`<div class="loading">${say('loading')}</div>` : shown(battery)}`;
  }
}

function shown(battery: BatteryState): TemplateResult {
  if (battery.mainsPowered) return note('info', say('onMains'));
  const { readingsToday, readingsLeftToday, ratio, isJudged, assumedReadingsADay } = battery;
  const assumed = String(assumedReadingsADay);
  return html`<section class="card"><h2>${say('batteryDays')}</h2>
      ${isJudged ? judged(ratio, assumed) : planned(battery, assumed)}
      <dl class="counts"><div><dt>${say('readingsToday')}</dt><dd>${readingsToday}</dd></div>
        <div><dt>${say('leftToday')}</dt><dd>${readingsLeftToday ?? say('noLimit')}</dd></div>
        <div><dt>${say('toAssumed')}</dt><dd>${isJudged ? times(ratio) : '–'}</dd></div></dl>
      ${bars(battery)}
      <details><summary>${say('asTable')}</summary>${days(battery)}</details></section>
    <section class="card"><h2>${say('presets')}</h2><p class="faint">${say('presetsHelp', { assumed })}</p>${presets(battery)}</section>`;
}

function judged(ratio: number, assumed: string): TemplateResult {
  const words = ratio < LITTLE ? 'batteryLittle' : ratio <= FAIR ? 'batteryFair' : 'batteryMuch';
  return note(markOf(ratio), say(words, { times: times(ratio), assumed }));
}

/** What was read on a first day tells little: what the schedule will cost is known all the same. */
function planned({ presets }: BatteryState, assumed: string): TemplateResult {
  const ratio = presets.find(({ isOurs }) => isOurs)?.ratio ?? 0;
  const mark = markOf(ratio);
  return note(mark === 'good' ? 'info' : mark, say('batteryPlanned', { times: times(ratio), assumed }));
}

function markOf(ratio: number): 'good' | 'warn' | 'bad' {
  return ratio <= FAIR ? 'good' : ratio <= MUCH ? 'warn' : 'bad';
}

function times(ratio: number): string {
  return `${rounded(ratio, ratio < 10 ? 1 : 0, tag())}×`;
}

function dayText(date: string): string {
  const format = new Intl.DateTimeFormat(tag(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return format.format(Date.parse(`${date}T00:00:00Z`));
}

/** One bar a day; the line is what the maker reckons with. */
function bars({ days, assumedReadingsADay }: BatteryState): TemplateResult {
  const most = Math.max(assumedReadingsADay * 1.25, ...days.map(({ readings }) => readings));
  const step = WIDTH / Math.max(days.length, 7);
  const y = (readings: number): number => HEIGHT * (1 - readings / most);
  const line = y(assumedReadingsADay);
  return html`<figure class="days"><svg viewBox="0 0 ${WIDTH} ${HEIGHT + 20}" role="img" aria-label=${say('batteryDays')}>
    ${days.map(({ date, readings }, index) => {
      const mark =
        readings > assumedReadingsADay * MUCH ? 'bad' : readings > assumedReadingsADay * FAIR ? 'warn' : '';
      return svg`<rect class=${mark} x=${index * step + step * 0.15} y=${y(readings)} width=${step * 0.7} height=${HEIGHT - y(readings)} rx="3"><title>${dayText(date)}: ${readings}</title></rect>
        ${index % 7 === 0 ? svg`<text x=${index * step + step * 0.15} y=${HEIGHT + 15}>${dayText(date)}</text>` : ''}`;
    })}
    <line x1="0" x2=${WIDTH} y1=${line} y2=${line}></line>
    </svg><figcaption class="faint">${say('assumedLine', { assumed: String(assumedReadingsADay) })}</figcaption></figure>`;
}

function days({ days }: BatteryState): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${say('batteryDays')}><table><thead><tr><th>${say('day')}</th><th class="right">${say('readings')}</th>
    <th class="right">${say('awake')}</th><th class="right">${say('bytes')}</th></tr></thead><tbody>${days
      .toReversed()
      .map(
        ({
          date,
          readings,
          awakeTime,
          bytes,
        }) => html`<tr><td>${dayText(date)}</td><td class="right">${readings}</td>
      <td class="right">${rounded(awakeTime / 1000, 1, tag())} <span class="unit">s</span></td><td class="right">${bytes}</td></tr>`,
      )}</tbody></table></div>`;
}

function presets({ presets }: BatteryState): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${say('presets')}><table><thead><tr><th>${say('schedule')}</th>
    <th class="right">${say('readingsADay')}</th><th class="right">${say('toAssumed')}</th></tr></thead><tbody>${presets.map(
      ({ name, readingsADay, ratio, isOurs }) => html`<tr class=${isOurs ? 'ours' : ''}><td>${name}
      ${isOurs ? html`<span class="pill good">${say('ours')}</span>` : ''}<span class="faint">${sayNamed('preset', name) ?? say('ownSchedule')}</span></td>
      <td class="right">${rounded(readingsADay, 0, tag())}</td>
      <td class="right"><span class="pill ${markOf(ratio)}">${times(ratio)}</span></td></tr>`,
    )}</tbody></table></div>`;
}

customElements.define('m2m-battery', Battery);
