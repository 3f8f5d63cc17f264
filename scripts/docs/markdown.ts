/** A table that `npm run docs` writes between its two markers, wherever a page has them. */
export interface DocsTable {
  /** As the marker has it. */
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function markdown({ header, rows }: DocsTable): string {
  return [line(header), header.map(() => '---').join('|'), ...rows.map(line)].join('\n');
}

/** Without bars at its ends, so that it reads well as it stands. */
function line(cells: readonly string[]): string {
  const text = cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ');
  return text.replaceAll('|  |', '| |').replace(/ $/, '');
}

export function code(text: string | number): string {
  return `\`${text}\``;
}

/** `a`, `b` */
export function codes(texts: readonly (string | number)[]): string {
  return texts.map(code).join(', ');
}

type Filled<Each> = readonly [Each, ...Each[]];

/** Those with the same key together, in the order of the first of each. */
export function grouped<Each>(all: readonly Each[], keyOf: (each: Each) => string): readonly Filled<Each>[] {
  const groups = new Map<string, [Each, ...Each[]]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group === undefined) groups.set(keyOf(each), [each]);
    else group.push(each);
  }
  return [...groups.values()];
}
