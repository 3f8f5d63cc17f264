import { type Changes, changesBetween, withChanges } from '../shared/json-changes.ts';
import { type Fields, fieldsOf } from '../shared/stored.ts';
import type { StateDisk } from './state-disk.ts';
import { parseStateFile, type StateFile, stateFileText } from './state-file.ts';

/** What a document is about. */
export interface DocumentKind<T> {
  /** Undefined for what is none. */
  readonly restore: (document: Fields) => T | undefined;
  /** For a person who has lost one: `the units of that meter`. */
  readonly holds: string;
}

type GoodFile = Extract<StateFile, { is: 'good' }>;

/** Bytes. With more changes than this, the document is written whole. */
const MOST_CHANGES = 3_000;

/**
 * A JSON document on disk, read once in a run:
 *
 *     7.json          the whole of it, written when much has changed
 *     7.recent.json   what has changed since, written each time: little, for the sake of SD cards
 *
 * Either is written whole or not at all. Changes of another whole document are those of an earlier one, and forgotten.
 */
export class StateDocument<T> {
  private readonly wholeFile: string;
  private readonly recentFile: string;
  private readonly kind: DocumentKind<T>;
  private readonly disk: StateDisk;
  private loaded = false;
  /** As it stands on disk, with its checksum; undefined where there is none that changes could be told of. */
  private whole: { readonly document: Fields; readonly checksum: string | undefined } | undefined;
  private changes: Changes | undefined;
  /** The changes as they stand on disk. */
  private recent: string | undefined;
  private isNewer = false;

  /** `path`: without `.json`. */
  constructor(path: string, kind: DocumentKind<T>, disk: StateDisk) {
    this.wholeFile = `${path}.json`;
    this.recentFile = `${path}.recent.json`;
    this.kind = kind;
    this.disk = disk;
  }

  /** Undefined where there is no such document, or none that can be used: that one is set aside. */
  read(): T | undefined {
    this.load();
    if (this.whole === undefined && this.changes === undefined) return undefined;
    const document = this.kind.restore(fieldsOf(withChanges(this.whole?.document, this.changes)));
    if (document === undefined) this.setAside('it does not hold what it should');
    return document;
  }

  write(document: object): void {
    this.load();
    const copy = this.copyOf(document);
    if (copy !== undefined && !this.hasNotedChanges(copy)) this.writeWhole(copy);
  }

  remove(): void {
    if (this.isNewer) return;
    for (const file of [this.wholeFile, this.recentFile]) this.disk.remove(file);
    this.forget();
  }

  /** The next one that is written takes its place. `loss`: in a sentence. */
  setAside(why: string, loss = `This begins anew: ${this.kind.holds}.`): void {
    if (this.isNewer) return;
    this.disk.setAside(this.wholeFile, why, loss);
    this.disk.remove(this.recentFile);
    this.forget();
  }

  private forget(): void {
    this.loaded = true;
    this.whole = undefined;
    this.changes = undefined;
    this.recent = undefined;
  }

  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    const whole = this.parsed(this.wholeFile);
    const recent = whole === undefined ? undefined : this.parsed(this.recentFile);
    if (whole?.is === 'newer' || recent?.is === 'newer') this.leaveAlone();
    else if (whole?.is === 'bad') this.setAside(whole.why);
    else if (whole !== undefined) this.take(whole, recent);
  }

  private take(whole: GoodFile, recent: Exclude<StateFile, { is: 'newer' }> | undefined): void {
    this.whole = whole;
    if (recent?.is === 'bad') {
      const loss = `What had changed since ${this.wholeFile} was written is lost.`;
      this.disk.setAside(this.recentFile, recent.why, loss);
      // One without a checksum is not as we wrote it, and one of another document is older than this one.
    } else if (recent?.checksum !== undefined && recent.document.of === whole.checksum) {
      this.changes = recent.document.changes as Changes;
      this.recent = stateFileText(recent.document).text;
    }
  }

  private parsed(file: string): StateFile | undefined {
    const text = this.disk.read(file);
    return text === undefined ? undefined : parseStateFile(text);
  }

  private leaveAlone(): void {
    this.isNewer = true;
    this.disk.warn(
      `${this.wholeFile} is of a newer version of multical2mqtt and is left as it is. Until that version is back or the file is moved away, this begins anew at each start: ${this.kind.holds}.`,
    );
  }

  /** Whoever handed it over may go on changing it. */
  private copyOf(document: object): Fields | undefined {
    try {
      return fieldsOf(JSON.parse(JSON.stringify(document)));
    } catch (error) {
      this.disk.cannotWrite(this.wholeFile, error);
      return undefined;
    }
  }

  /** False where it is to be written whole. */
  private hasNotedChanges(document: Fields): boolean {
    if (this.isNewer) {
      this.changes = [document];
      return true;
    }
    const { whole } = this;
    if (whole?.checksum === undefined) return false;
    const changes = changesBetween(whole.document, document);
    const isSame = changes === undefined && this.recent === undefined;
    const { text } = stateFileText({ of: whole.checksum, changes: changes ?? {} });
    if (Buffer.byteLength(text) > MOST_CHANGES) return false;
    this.changes = changes;
    if (!isSame && text !== this.recent && this.disk.write(this.recentFile, text)) this.recent = text;
    return true;
  }

  private writeWhole(document: Fields): void {
    const { text, checksum } = stateFileText(document);
    // For as long as the disk does not take it.
    this.changes = [document];
    if (!this.disk.write(this.wholeFile, text)) return;
    this.whole = { document, checksum };
    this.changes = undefined;
    this.recent = undefined;
  }
}
