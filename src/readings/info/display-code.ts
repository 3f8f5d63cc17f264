import type { InfoMessage } from './info-messages.ts';

type Digits = Readonly<Record<string, InfoMessage>>;

// biome-ignore format: a table reads best in rows
/**
 * The eight digits that an x3 meter shows for its info code, one for each part: info, t1, t2, t3, V1, V2, inputs A and
 * B. The 403 has 0 for t3 and V2 (TD403 p.92, data sheet 58101516 p.11).
 */
const DIGITS: readonly Digits[] = [
  { 1: 'supplyInterrupted', 2: 'lowBattery', 9: 'externalAlarm' },
  { 1: 't1AboveRange', 2: 't1BelowRange', 9: 'differenceInvalid' },
  { 1: 't2AboveRange', 2: 't2BelowRange', 9: 'differenceInvalid' },
  { 1: 't3AboveRange', 2: 't3BelowRange', 9: 'differenceInvalid' },
  { 1: 'v1CommunicationError', 2: 'v1PulseFigure', 3: 'v1Air', 4: 'v1WrongDirection', 6: 'v1HighFlow', 7: 'burstLoss', 8: 'leakLoss' },
  { 1: 'v2CommunicationError', 2: 'v2PulseFigure', 3: 'v2Air', 4: 'v2WrongDirection', 6: 'v2HighFlow', 7: 'burstPenetration', 8: 'leakPenetration' },
  { 7: 'inputA2Leak', 8: 'inputALeak', 9: 'inputAAlarm' },
  { 7: 'inputB2Leak', 8: 'inputBLeak', 9: 'inputBAlarm' },
];

/** What `code` means if it is the number on the display; undefined where no display shows it. */
export function displayCodeMessages(code: bigint): readonly InfoMessage[] | undefined {
  const shown = String(code).padStart(DIGITS.length, '0');
  if (shown.length > DIGITS.length) return undefined;
  const messages: InfoMessage[] = [];
  for (const [place, digits] of DIGITS.entries()) {
    const digit = shown[place] ?? '';
    const message = digits[digit];
    if (message !== undefined) messages.push(message);
    else if (digit !== '0') return undefined;
  }
  return messages;
}
