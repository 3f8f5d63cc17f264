import { ref, text } from '../../schema/fault.ts';
import { type Infer, key } from '../../schema/key.ts';
import { anyText, flag } from '../../schema/validators.ts';
import { defineOutput } from '../output.ts';

const keys = {
  enabled: key('Whether readings are written to CSV files, one a day.', flag, false),
  directory: key('Folder of these files, such as `./csv`.', anyText, '', { addon: false }),
};

export type CsvConfig = Infer<typeof keys>;

export const csv = defineOutput({
  name: 'csv',
  label: 'CSV files',
  noun: 'value',
  keys,
  faults: ({ directory }: CsvConfig) =>
    directory.trim() === ''
      ? [
          {
            path: 'csv.directory',
            text: text`must name a folder, such as "./csv", because ${ref('csv.enabled')} is true`,
          },
        ]
      : [],
});
