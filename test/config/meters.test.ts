import { describe, expect, it } from 'vitest';
import type { MeterConfig } from '../../src/meter/config.ts';
import { load, loadFile, METER, problemsInMeter, problemsOf } from './support/loading.ts';

describe('keys of one meter that do not fit together', () => {
  it('the call at 300 baud needs a port of this machine', () => {
    const port = 'TCP://192.168.1.20:2000';
    expect(problemsInMeter({ port, wakeUp: 'preamble' })).toEqual([
      'meters[0].wakeUp: must be "none" for a port in the network, because such a port keeps its speed and cannot call the meter at 300 baud',
    ]);
    expect(loadFile({ meters: [{ ...METER, port, wakeUp: 'none' }] }).config.meters).toHaveLength(1);
    const { config } = loadFile({ meters: [{ ...METER, port: '/dev/ttyUSB0', wakeUp: 'preamble' }] });
    expect(config.meters[0]?.wakeUp).toBe('preamble');
  });
});

describe('meters', () => {
  function meterWith(keys: object): MeterConfig | undefined {
    return loadFile({ meters: [{ ...METER, ...keys }] }).config.meters[0];
  }

  describe('a meter’s name', () => {
    it.each(['', '  '])('may not be empty: %j', (name) => {
      expect(problemsInMeter({ name })).toEqual(['meters[0].name: must not be empty or left out']);
    });

    it.each(['two\nlines', 'a\0', 'a\u0085b', '\ud800'])('may not be %j', (name) => {
      expect(problemsInMeter({ name })).toEqual([
        `meters[0].name: must be on one line, without control characters, not ${JSON.stringify(name)}`,
      ]);
    });
  });

  describe('a meter’s port', () => {
    it.each([
      '/dev/serial/by-id/usb-FTDI_x-if00-port0',
      'COM1',
      'com256',
      'tcp://localhost:1',
      'tcp://192.168.1.5:65535',
      'tcp://[::1]:4001',
    ])('may be %s, whether it exists or not', (port) => {
      expect(meterWith({ port })?.port).toBe(port);
    });

    it.each([
      '/',
      'ttyUSB0',
      'COM0',
      'COM',
      'tcp://host',
      'tcp://host:0',
      'tcp://host:65536',
      'tcp://:4001',
      'tcp://host:4001/x',
    ])('may not be %s', (port) => {
      expect(problemsInMeter({ port })).toEqual([
        expect.stringContaining(
          `meters[0].port: must be a path such as "/dev/serial/by-id/usb-...", a Windows port such as "COM3", or "tcp://host:port" (port 1 to 65535), not ${JSON.stringify(port)}`,
        ),
      ]);
    });

    it.each([
      'socket://heat.local:4001',
      'heat.local:4001',
    ])('may be %s, as other programs have it', (port) => {
      expect(meterWith({ port })?.port).toBe('tcp://heat.local:4001');
    });

    it('is one place in whatever form it is written', () => {
      const meters = [
        { name: 'A', port: 'heat.local:4001' },
        { name: 'B', port: 'tcp://Heat.local:4001' },
      ];
      expect(problemsOf(() => loadFile({ meters }))).toEqual([
        expect.stringMatching(/^meters\[1\]\.port: meters\[0\] has the same port with the same address/),
      ]);
      expect(problemsInMeter({ port: 'heat.local:4001', wakeUp: 'preamble' })).toEqual([
        expect.stringMatching(/wakeUp: must be "none" for a port in the network/),
      ]);
    });

    it('may not be of a gateway that changes bytes: what to set there is said', () => {
      expect(problemsInMeter({ port: 'rfc2217://heat.local:4001' })).toEqual([
        expect.stringMatching(/^meters\[0\]\.port: "rfc2217:.*bare bytes.*8N2.*"tcp:\/\/host:port"/),
      ]);
    });

    it('may not be empty or left out', () => {
      expect(problemsInMeter({ port: '' })).toEqual([
        expect.stringContaining('must not be empty or left out'),
      ]);
      expect(problemsOf(() => loadFile({ meters: [{ name: 'x' }] }))).toEqual([
        expect.stringMatching(/^meters\[0\]\.port: must not be empty or left out: it must be a path/),
      ]);
    });
  });

  describe('a meter’s model', () => {
    it.each(['auto', '403', 'flowiq-21xx', 'omnipower'])('may be "%s"', (model) => {
      expect(meterWith({ model })?.model).toBe(model);
    });

    it.each([
      ['MULTICAL 403', '403'],
      [403, '403'],
      ['flowIQ 2101', 'flowiq-21xx'],
      ['KWM 2231', 'kwm2231'],
      ['omnipowr', 'omnipower'],
    ])('is not %j, and the one that was meant is named', (model, meant) => {
      expect(problemsInMeter({ model })).toEqual([
        expect.stringMatching(
          new RegExp(`^meters\\[0\\]\\.model: must be one of "auto", "302", .*did you mean "${meant}"\\?$`),
        ),
      ]);
    });

    it('that is like none of ours gets the list alone', () => {
      expect(problemsInMeter({ model: 'gas' })).toEqual([expect.stringMatching(/"omnipower", not "gas"$/)]);
    });
  });

  describe('a meter’s speed', () => {
    it.each([1200, 9600])('may be %i', (baudRate) => {
      expect(meterWith({ baudRate })?.baudRate).toBe(baudRate);
    });

    it.each([300, '1200'])('may not be %j', (baudRate) => {
      expect(problemsInMeter({ baudRate })).toEqual([
        `meters[0].baudRate: must be 1200 or 9600, not ${JSON.stringify(baudRate)}`,
      ]);
    });
  });

  describe('a meter’s schedule', () => {
    it.each(['* * * * *', '*/10 * * * * *', '0 6-22 * * mon-fri'])('may be "%s"', (schedule) => {
      expect(meterWith({ schedule, detailSchedule: schedule })).toMatchObject({ schedule });
    });

    it.each(['often', '* * * *', '* * * * * * *', '61 * * * *'])('may not be "%s"', (schedule) => {
      const problems = problemsInMeter({ schedule, detailSchedule: schedule });
      expect(problems).toHaveLength(2);
      expect(problems[0]).toMatch(/^meters\[0\]\.schedule: must be a cron expression of five fields/);
      expect(problems[1]).toContain(`meters[0].detailSchedule: `);
      expect(problems[1]).toContain(`not ${JSON.stringify(schedule)}`);
    });

    it('of the details may be never', () => {
      const { config } = loadFile({ meters: [{ ...METER, detailSchedule: 'never' }] });
      expect(config.meters[0]?.detailSchedule).toBe('never');
      expect(problemsInMeter({ schedule: 'never' })).toHaveLength(1);
    });

    it('may not be empty or a number', () => {
      expect(problemsInMeter({ schedule: '', detailSchedule: 5 })).toEqual([
        'meters[0].schedule: must not be empty or left out',
        'meters[0].detailSchedule: must be a text in quotation marks, not a number, or "never"',
      ]);
    });

    it('shows a mistake of any length shortly', () => {
      expect(problemsInMeter({ schedule: 'x'.repeat(5000) })[0]?.length).toBeLessThan(350);
    });
  });

  describe('a meter’s time zone', () => {
    it.each(['', 'UTC', 'Europe/Copenhagen', 'America/Argentina/Buenos_Aires'])('may be "%s"', (timezone) => {
      expect(meterWith({ timezone })?.timezone).toBe(timezone);
    });

    it.each([
      ['Europe/Kopenhagen', '; did you mean "Europe/Copenhagen"?'],
      ['Mars/Olympus', ''],
      ['+01:00', ''],
    ])('may not be "%s"', (timezone, hint) => {
      expect(problemsInMeter({ timezone })).toEqual([
        `meters[0].timezone: must be a time zone name such as "Europe/Copenhagen", or empty for the system's own, not "${timezone}"${hint}`,
      ]);
    });

    it('must be a text', () => {
      expect(problemsInMeter({ timezone: 1 })).toEqual([expect.stringContaining('not a number')]);
    });
  });

  describe('a meter’s address', () => {
    it.each([
      [1, 1],
      [255, 255],
      ['0x3F', 63],
      ['0X7f', 127],
    ])('may be %j', (address, expected) => {
      expect(meterWith({ address })?.address).toBe(expected);
    });

    it.each([0, 256, 1.5, -1, '63', '0x', '0x100', 'abc', null, true, [63]])('may not be %j', (address) => {
      expect(problemsInMeter({ address })).toEqual([
        expect.stringMatching(/^meters\[0\]\.address: must be a whole number from 1 to 255 .*, not /),
      ]);
    });
  });

  describe('a meter’s registers', () => {
    it('may be "auto" or a list, decimal or hexadecimal', () => {
      expect(meterWith({ registers: 'auto' })?.registers).toBe('auto');
      expect(meterWith({ registers: [60, '0x44', 0, 65535] })?.registers).toEqual([60, 68, 0, 65535]);
    });

    it.each([
      [[], 'must be "auto" or name at least one register'],
      ['all', 'must be "auto" or a list of register numbers such as [60, 68, 74], not "all"'],
      [60, 'must be "auto" or a list of register numbers such as [60, 68, 74], not 60'],
      [
        [60, 65536, -1, 1.5, '60', null],
        'each register must be a whole number from 0 to 65535 (or hexadecimal, "0x3C"), not 65536, -1, 1.5, "60", null',
      ],
      [[60, 68, '0x3c', 68, 60], 'each register may appear once; more than once: 60, 68'],
    ])('may not be %j', (registers, expected) => {
      expect(problemsInMeter({ registers })).toEqual([`meters[0].registers: ${expected}`]);
    });
  });

  describe('a meter’s time-out allowance', () => {
    it.each([null, 0, 60_000])('may be %j', (timeoutAllowance) => {
      expect(meterWith({ timeoutAllowance })?.timeoutAllowance).toBe(timeoutAllowance);
    });

    it.each([-1, 0.5, 60_001, '500', '0x10', true])('may not be %j', (timeoutAllowance) => {
      expect(problemsInMeter({ timeoutAllowance })).toEqual([
        expect.stringMatching(
          /^meters\[0\]\.timeoutAllowance: must be a whole number of milliseconds from 0 to 60000/,
        ),
      ]);
    });
  });

  describe('several meters', () => {
    it('may share a port with different addresses', () => {
      const meters = [METER, { ...METER, name: 'Cooling', address: 127 }];
      expect(loadFile({ meters }).config.meters).toHaveLength(2);
    });

    it.each([
      ['/dev/ttyUSB0', '/dev/ttyUSB0'],
      ['COM3', 'com3'],
      ['tcp://Head:4001', 'tcp://head:4001'],
    ])('may not share port and address: %s and %s', (first, second) => {
      const meters = [
        { name: 'a', port: first },
        { name: 'b', port: second, address: '0x3f' },
      ];
      expect(problemsOf(() => loadFile({ meters }))).toEqual([
        expect.stringMatching(
          /^meters\[1\]\.port: meters\[0\] has the same port with the same address; give/,
        ),
      ]);
    });

    it('that share a port must agree on its speed', () => {
      const meters = [
        { name: 'a', port: '/dev/ttyUSB0', baudRate: 9600 },
        { name: 'b', port: '/dev/ttyUSB0', address: 1 },
        { name: 'c', port: '/dev/ttyUSB1' },
      ];
      expect(problemsOf(() => loadFile({ meters }))).toEqual([
        'meters[1].baudRate: meters[0] has the same port with another speed; one line has one speed, so set both to the same',
      ]);
    });

    it('may not share a name', () => {
      const meters = [METER, { name: ' Heat ', port: 'COM3' }];
      expect(problemsOf(() => loadFile({ meters }))).toEqual([
        'meters[1].name: must differ from the name of meters[0]',
      ]);
    });

    it('that lack name or port are not called the same for that', () => {
      const problems = problemsOf(() => loadFile({ meters: [{}, { name: 5, port: 5 }] }));
      expect(problems.map((problem) => problem.split(':')[0])).toEqual([
        'meters[0].port',
        'meters[1].name',
        'meters[1].port',
      ]);
      expect(problems.join()).not.toContain('same');
    });

    it('are needed at least once', () => {
      expect(problemsOf(() => loadFile({ meters: [] }))).toEqual([
        expect.stringContaining('no meter is configured'),
      ]);
      expect(problemsOf(() => load())).toHaveLength(1);
    });

    it('are not needed where a page is shown on which they are set up', () => {
      const web = { enabled: true };
      const { config, advice } = loadFile({ web });
      expect([config.meters, advice]).toEqual([[], [expect.stringMatching(/open the page and set it up/)]]);
      const shut = { ...web, host: '0.0.0.0' };
      expect(problemsOf(() => loadFile({ web: shut }))).toEqual([
        expect.stringContaining('no meter is configured'),
      ]);
      expect(loadFile({ web: { ...shut, password: 'a-long-password' } }).config.meters).toEqual([]);
    });
  });
});
