import { describe, expect, it } from 'vitest';
import { BatteryAccount } from '../../src/polling/battery-account.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ONE = { readings: 1, transactions: 2, wakeUps: 1, bytes: 90, awakeTime: 1_700 };
const midnight = (date: string): number => Date.parse(date);

/** An account with `perDay` readings on each of `days` days from 2026-01-01 on. */
function accountOf(days: number, perDay = 24): BatteryAccount {
  const account = new BatteryAccount();
  for (let day = 0; day < days; day++) {
    const time = midnight('2026-01-01') + day * DAY;
    const date = new Date(time).toISOString().slice(0, 10);
    account.add(date, { ...ONE, readings: perDay }, time);
  }
  return account;
}

describe('the account of a meter', () => {
  it('adds up by day', () => {
    const account = new BatteryAccount();
    account.add('2026-01-01', ONE, 0);
    account.add('2026-01-01', ONE, 0);
    account.add('2026-01-02', ONE, 0);
    expect(account.of('2026-01-01')).toEqual({
      readings: 2,
      transactions: 4,
      wakeUps: 2,
      bytes: 180,
      awakeTime: 3_400,
    });
    expect(account.of('2026-01-03').readings).toBe(0);
  });

  it('has weeks of today and the six days before, across the end of a month', () => {
    const account = accountOf(40, 1);
    expect(account.weekTo('2026-02-03').readings).toBe(7);
    expect(account.weekTo('2026-02-12').readings).toBe(4);
    expect(account.weekTo('2025-12-31').readings).toBe(0);
  });

  it('does not grow for ever', () => {
    const { days } = JSON.parse(JSON.stringify(accountOf(100).toRemember()));
    expect(Object.keys(days)).toHaveLength(14);
    expect(days).toHaveProperty('2026-04-10');
  });

  it('survives a clock that begins in 1970', () => {
    const account = accountOf(7);
    account.add('1970-01-01', ONE, 0);
    expect(account.weekTo('2026-01-07').readings).toBe(7 * 24);
  });

  it('is the same after a restart', () => {
    const account = accountOf(9);
    const again = new BatteryAccount(JSON.parse(JSON.stringify(account.toRemember())));
    expect(again.toRemember()).toEqual(account.toRemember());
    expect(new BatteryAccount(JSON.parse(JSON.stringify(new BatteryAccount().toRemember()))).isEmpty).toBe(
      true,
    );
  });

  it.each([
    undefined,
    null,
    5,
    [],
    { days: 3 },
    { days: { x: ONE, '2026-01-01': 7 }, since: 'y' },
  ])('takes nothing from a file that says %j', (remembered) => {
    const account = new BatteryAccount(remembered);
    expect(account.of('2026-01-01').readings).toBe(0);
    expect(account.readingsAnHour({ date: '2026-01-01', hours: 3 }, DAY)).toBe(0);
  });

  it('takes no amounts that are none', () => {
    const days = { '2026-01-01': { ...ONE, bytes: -5, awakeTime: 'long' } };
    expect(new BatteryAccount({ days }).of('2026-01-01')).toEqual({ ...ONE, bytes: 0, awakeTime: 0 });
  });
});

describe('readings an hour', () => {
  const at = (date: string, hours: number) => [{ date, hours }, midnight(date) + hours * HOUR] as const;

  it('are 1 when there was one each hour, at whatever time of day', () => {
    expect(accountOf(7).readingsAnHour(...at('2026-01-07', 24))).toBe(1);
    const account = accountOf(10);
    account.add('2026-01-11', { ...ONE, readings: 6 }, 0);
    expect(account.readingsAnHour(...at('2026-01-11', 6))).toBe(1);
  });

  it('do not begin with an alarm', () => {
    const account = new BatteryAccount();
    account.add('2026-01-01', { ...ONE, readings: 3 }, midnight('2026-01-01'));
    expect(account.readingsAnHour(...at('2026-01-01', 0.1))).toBe(3 / 24);
  });

  it('of a young account count its own time only', () => {
    expect(accountOf(2, 48).readingsAnHour(...at('2026-01-02', 24))).toBe(2);
  });
});
