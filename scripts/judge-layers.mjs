// Reads what dependency-cruiser says of a folder, and fails unless it found nothing wrong in all of its files.
// By itself it is content when it saw no module at all, as it does with a TypeScript that it does not know.
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';

const [folder = 'src'] = process.argv.slice(2);
const said = await text(process.stdin);
process.stdout.write(said);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
).length;
const [, seen] = /no dependency violations found \((\d+) modules/.exec(said) ?? [];
if (seen === undefined) {
  process.exitCode = 1;
} else if (files === 0 || Number(seen) < files) {
  process.stderr.write(
    `The layers were not checked: ${seen} modules were seen of ${files} files in ${folder}.\n`,
  );
  process.exitCode = 1;
}
