import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonFolders } from '../../src/app/addon-folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function foldersWith(options: string, SUPERVISOR_TOKEN?: string) {
  const SUPERVISOR_OPTIONS = join(temporaryFolder({ 'options.json': options }), 'options.json');
  return addonFolders({ SUPERVISOR_OPTIONS, SUPERVISOR_TOKEN });
}

describe('the folders that an add-on writes to', () => {
  it('are one more where it writes CSV files', () => {
    expect(foldersWith('{"csv": {"enabled": true}}', 'x')).toEqual(['/share/multical2mqtt']);
  });

  it.each([
    '{"csv": {"enabled": false}}',
    '{"csv": {"enabled": "yes"}}',
    '{"csv": {}}',
    '{"csv": null}',
  ])('are no more with %s', (options) => {
    expect(foldersWith(options, 'x')).toEqual([]);
  });

  it.each(['{}', 'null', '[]', '{"csv":', ''])('are no more with the options %j', (options) => {
    expect(foldersWith(options, 'x')).toEqual([]);
  });

  it('are no more where there are no options', () => {
    expect(addonFolders({ SUPERVISOR_TOKEN: 'x', SUPERVISOR_OPTIONS: '/none/options.json' })).toEqual([]);
  });

  it('are no question without a Supervisor', () => {
    expect(foldersWith('{"csv": {"enabled": true}}')).toEqual([]);
  });
});
