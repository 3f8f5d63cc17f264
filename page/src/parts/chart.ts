import { html, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import { Part } from './part.ts';
import { pinch } from './pinch.ts';

export interface Drawing {
  readonly kind: 'bars' | 'lines';
  /** Of bars: their number from 0; of lines: seconds since 1970. */
  readonly data: uPlot.AlignedData;
  readonly series: readonly uPlot.Series[];
  readonly bands: readonly uPlot.Band[];
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  readonly label: (x: number, near: boolean) => string;
  readonly number: (value: number) => string;
}

const HEIGHT = 340;
const LOW_HEIGHT = 260;

/**
 * A chart that a hand, a mouse and a keyboard can ask. Tells `zoom` (detail: from and to on its axis), `point` (detail: the
 * index under the pointer, or null) and `pick` (an index).
 */
class Chart extends Part {
  static override properties = {
    drawing: { attribute: false },
    name: {},
    spoken: {},
    library: { attribute: false },
  };
  /** Undefined while nothing of it is known: its place stays, and whoever has it in focus stays there. */
  declare drawing: Drawing | undefined;
  declare name: string;
  /** What is at the index, in words. */
  declare spoken: string;
  declare library: typeof uPlot;
  private plot: uPlot | undefined;
  private index = 0;
  /** Where that is on the axis: in the next drawing of the same it may have another index. */
  private x: number | undefined;
  /** Somebody looks at it. */
  private isPointed = false;
  private readonly resized = new ResizeObserver(() => this.resize());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    this.dark.addEventListener('change', this.draw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.dark.removeEventListener('change', this.draw);
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override render(): TemplateResult {
    const last = this.last;
    return html`<div class="chart" role="slider" tabindex="0" aria-label=${this.name} aria-valuemin="0"
      aria-valuemax=${last} aria-valuenow=${Math.min(this.index, last)} aria-valuetext=${this.spoken}
      @keydown=${this.pressed}></div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('drawing')) this.draw();
  }

  private readonly draw = (): void => {
    const place = this.querySelector<HTMLElement>('.chart');
    if (place === null) return;
    this.plot?.destroy();
    this.plot = undefined;
    if (this.drawing === undefined) {
      Object.assign(this, { index: 0, x: undefined, isPointed: false });
      return;
    }
    const wasPointed = this.isPointed;
    this.index = closest(this.drawing.data[0], this.x ?? this.drawing.from);
    this.plot = new this.library(
      this.options(this.drawing, wasPointed),
      this.drawing.data as uPlot.AlignedData,
      place,
    );
    pinch(this.plot.over, {
      move: (left) => this.plot?.setCursor({ left, top: 10 }),
      zoom: (low, high) => this.zoom(low, high),
    });
  };

  private options(drawing: Drawing, wasPointed: boolean): uPlot.Options {
    const { kind, series, bands, from, to, unit, label, number } = drawing;
    const style = getComputedStyle(this);
    const [text, line] = [style.getPropertyValue('--faint'), style.getPropertyValue('--line')];
    const axis = { stroke: text, font: '12px Roboto, system-ui, sans-serif' };
    const none = { stroke: line, width: 1 };
    return {
      width: this.clientWidth,
      height: this.height,
      legend: { show: false },
      padding: [12, 8, 0, 0],
      scales: {
        x: { time: false, range: () => [from, to] },
        y: { range: (_, low, high) => range(kind, low, high) },
      },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { show: kind === 'lines' },
        y: false,
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks: none,
          size: 32,
          space: 64,
          incrs: kind === 'bars' ? [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 20, 24, 48] : TIMES,
          values: (_, values) => values.map((value) => label(value, false)),
        },
        {
          ...axis,
          grid: none,
          ticks: { show: false },
          label: unit,
          labelSize: 18,
          labelFont: axis.font,
          size: (_, values) => 14 + 7 * Math.max(2, ...(values ?? []).map(({ length }) => length)),
          values: (_, values) => values.map(number),
        },
      ],
      series: [{}, ...series],
      bands: [...bands],
      hooks: {
        setCursor: [(plot) => this.pointed(plot.cursor.idx ?? null)],
        setSelect: [
          ({ select: { left, width } }) => {
            if (width > 8) this.zoom(left, left + width);
            this.plot?.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        ready: [
          (plot) => {
            plot.over.addEventListener('click', () => this.picked(plot));
            if (wasPointed) this.go(this.index);
          },
        ],
      },
    };
  }

  private get last(): number {
    return Math.max(0, (this.drawing?.data[0]?.length ?? 1) - 1);
  }

  private get height(): number {
    return this.clientWidth < 500 ? LOW_HEIGHT : HEIGHT;
  }

  private resize(): void {
    if (this.plot !== undefined && this.clientWidth > 0 && this.clientWidth !== this.plot.width)
      this.plot.setSize({ width: this.clientWidth, height: this.height });
  }

  private zoom(left: number, right: number): void {
    const { plot } = this;
    if (plot === undefined) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(right, 'x')];
    this.dispatchEvent(new CustomEvent('zoom', { detail: { from, to } }));
  }

  private pointed(index: number | null): void {
    this.isPointed = index !== null;
    if (index !== null) Object.assign(this, { index, x: this.drawing?.data[0]?.[index] });
    this.dispatchEvent(new CustomEvent('point', { detail: index }));
  }

  private picked(plot: uPlot): void {
    if (plot.cursor.idx !== null && plot.cursor.idx !== undefined)
      this.dispatchEvent(new CustomEvent('pick', { detail: plot.cursor.idx }));
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const last = this.last;
    const to: Record<string, number> = {
      ArrowLeft: this.index - 1,
      ArrowRight: this.index + 1,
      PageUp: this.index - 10,
      PageDown: this.index + 10,
      Home: 0,
      End: last,
    };
    const wanted = to[event.key];
    if (wanted !== undefined) this.go(Math.max(0, Math.min(last, wanted)));
    else if (event.key === 'Enter' && this.plot !== undefined)
      this.dispatchEvent(new CustomEvent('pick', { detail: this.index }));
    else if (event.key === '+' || event.key === '-')
      this.dispatchEvent(new CustomEvent('step', { detail: event.key === '+' ? 0.5 : 2 }));
    else return;
    event.preventDefault();
  };

  private go(index: number): void {
    const { plot } = this;
    const x = this.drawing?.data[0]?.[index];
    if (plot === undefined || x === undefined) return;
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: 10 });
    this.index = index;
    this.pointed(index);
    this.requestUpdate();
  }
}

function closest(values: ArrayLike<number> = [], wanted: number): number {
  let best = 0;
  for (let index = 1; index < values.length; index++)
    if (Math.abs((values[index] ?? 0) - wanted) < Math.abs((values[best] ?? 0) - wanted)) best = index;
  return best;
}

/** Use begins at zero; a temperature need not. */
function range(kind: Drawing['kind'], low: number, high: number): [number, number] {
  if (kind === 'bars') return [Math.min(0, low ?? 0), high > 0 ? high * 1.05 : 1];
  const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.005, 0.01);
  return low >= 0 && low - room < 0 ? [0, high + room] : [low - room, high + room];
}

const [HOUR, DAY] = [3600, 86_400];
/** Seconds between marks. */
const TIMES = [
  60,
  300,
  600,
  1800,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
].concat([30.44, 60.88, 91.31, 182.62, 365.25, 730.5].map((days) => days * DAY));

customElements.define('m2m-chart', Chart);
