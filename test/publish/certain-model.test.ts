import { expect, it } from 'vitest';
import { certainModel } from '../../src/publish/certain-model.ts';

it.each([
  ['MULTICAL 403 (by its software edition)', 'MULTICAL 403'],
  ['MULTICAL 601', 'MULTICAL 601'],
  ['MULTICAL 302, 303, 403, 603 or 803 (by its registers)', null],
  [null, null],
])('the certain model of %s is %s', (model, certain) => {
  expect(certainModel({ model })).toBe(certain);
});
