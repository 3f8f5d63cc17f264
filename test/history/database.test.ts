import Module from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDatabase } from '../../src/history/database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the driver of the history', () => {
  it.each([
    ['20.19.0', 'libsql'],
    // It has one, which tells of itself on standard error that it is an experiment.
    ['22.23.3', 'libsql'],
    ['24.21.0', 'node:sqlite'],
    ['26.0.0', 'node:sqlite'],
  ])('of Node %s is %s', (node, name) => {
    const asked: string[] = [];
    const load = vi.spyOn(Module as unknown as { _load: (name: string) => unknown }, '_load');
    onTestFinished(() => load.mockRestore());
    load.mockImplementation((wanted) => {
      asked.push(wanted);
      throw new Error('none');
    });
    expect(() => openDatabase(`${temporaryFolder()}/history.db`, node)).toThrow('there is no SQLite');
    expect(asked).toEqual([name]);
  });

  it('says nothing on standard error', () => {
    const warn = vi.spyOn(process, 'emitWarning');
    onTestFinished(() => warn.mockRestore());
    openDatabase(`${temporaryFolder()}/history.db`).close();
    expect(warn).not.toHaveBeenCalled();
  });
});
