import { expect, it } from 'vitest';
import { masked, report } from '../../page/src/masked.ts';

const SERIAL = '69000001';
/** As bytes: 04 1C DB 41. */
const HEX = '04 1C DB 41';

it('a report shows the meter number neither in words nor in bytes', () => {
  expect(masked(`serial number ${SERIAL}`, SERIAL)).toBe('serial number ••••••••');
  for (const bytes of [HEX, '041cdb41', '04 1B E3 DB 41', '41 DB 1C 04'])
    expect(masked(`02 ${bytes} 0D`, SERIAL)).toBe('02 •••••••• 0D');
  expect(masked('02 04 43 0D', SERIAL)).toBe('02 04 43 0D');
  expect(masked(SERIAL, null)).toBe(SERIAL);
});

it('a report tells no checksum that would give it away', () => {
  const received = {
    bytes: `40 3F 02 ${HEX} 8A 3E 0D`,
    parts: [
      { bytes: '40', meaning: 'start of a reply' },
      { bytes: HEX, meaning: `serial number ${SERIAL}` },
      { bytes: '8A 3E', meaning: 'checksum, correct' },
    ],
  };
  const sent = { bytes: '80 3F 02 35 E3 0D', parts: [{ bytes: '35 E3', meaning: 'checksum' }] };
  const exchange = { at: 0, sent, received, outcome: 'answered', took: 212 };
  const text = report('head', [exchange], SERIAL);
  expect(text).toContain('80 3F 02 35 E3 0D');
  expect(text).not.toMatch(/8A 3E|1C DB|69000001/);
  expect(report('head', [exchange], null)).toContain(received.bytes);
});

it('a report hides what is left of the number in a damaged reply', () => {
  // The second byte of the number has changed on its way.
  const bytes = '40 3F 02 04 1D DB 41 8A 3E 0D';
  const received = { bytes, parts: [{ bytes, meaning: 'a damaged frame' }] };
  const exchange = { at: 0, sent: { bytes: '', parts: [] }, received, outcome: 'checksum error', took: null };
  const text = report('head', [exchange], SERIAL);
  expect(text).toContain('40 3F 02 04 1D •••• 8A 3E 0D');
  expect(text).not.toContain('DB 41');
  expect(report('head', [exchange], null)).toContain(bytes);
});
