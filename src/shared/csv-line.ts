/**
 * Cells as a line of CSV (RFC 4180), without its end. What stands on two lines within a cell is put on one: a line is a
 * row, so that a row that was cut short is known by its missing end.
 */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.replace(/\r\n|[\r\n]/g, ' '))
    .map((cell) => (/[",]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
