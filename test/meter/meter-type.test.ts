import { expect, test } from 'vitest';
import { modelOfType } from '../../src/meter/meter-type.ts';

test.each([
  [0x0001, 'MULTICAL 601', '5512-447 section 6.2.1'],
  [0x0004, 'MULTICAL 601', '5512-447 section 6.2.1'],
  [0x0005, 'MULTICAL 601', '5512-447 section 6.2.1'],
  [0x5307, 'Kamstrup 382', 'AMI head-end code: the high byte decides'],
  [0x5a00, 'Kamstrup OMNIPOWER', 'AMI head-end code'],
  [0x76ff, 'Kamstrup 251C', 'AMI head-end code'],
])('type %i is a %s (%s)', (type, model) => {
  expect(modelOfType(type)).toBe(model);
});

test.each([0x0000, 0x0002, 0x0010, 0x2001, 0x5200, 0xffff])('type %i is not public', (type) => {
  expect(modelOfType(type)).toBeNull();
});
