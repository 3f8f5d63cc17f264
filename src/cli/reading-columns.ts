import type { Reading } from '../readings/reading.ts';
import { readingValueText } from '../readings/reading-value.ts';

export interface ReadingRow {
  /** `heat_energy (GJ)` */
  readonly labels: readonly string[];
  /** One for each label; empty where this reading has no such value, whatever the one before had. */
  readonly cells: readonly string[];
  /** The labels are not those of the row before. */
  readonly isNew: boolean;
}

/** Puts readings into columns. The unit belongs to the column: in another unit, a quantity is another column. */
export class ReadingColumns {
  private labels: readonly string[] = [];

  row(readings: readonly Reading[]): ReadingRow {
    const values = new Map(readings.map((each) => [labelOf(each), readingValueText(each.value) ?? '']));
    const added = Array.from(values.keys()).filter((label) => !this.labels.includes(label));
    this.labels = [...this.labels, ...added];
    const cells = this.labels.map((label) => values.get(label) ?? '');
    return { labels: this.labels, cells, isNew: added.length > 0 };
  }
}

function labelOf({ quantity, unit }: Reading): string {
  return unit === '' ? quantity : `${quantity} (${unit})`;
}
