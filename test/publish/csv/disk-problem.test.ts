import { describe, expect, it } from 'vitest';
import { diskProblem } from '../../../src/publish/csv/disk-problem.ts';

describe('what is the matter with the folder of CSV files', () => {
  it.each([
    ['ENOSPC', 'is full'],
    ['EDQUOT', 'is full'],
    ['EACCES', 'may not be written by the user'],
    ['EROFS', 'is read-only'],
    ['ENOTDIR', 'a file in its way'],
    ['EIO', 'cannot be written: broken. Look after its disk'],
  ])('%s is said in words, with the folder', (code, words) => {
    const problem = diskProblem('/csv', Object.assign(new Error('broken'), { code }));
    expect(problem).toContain('/csv');
    expect(problem).toContain(words);
  });

  it('is the error itself where it is none of the disk', () => {
    expect(diskProblem('/csv', 'odd')).toContain('cannot be written: odd');
  });
});
