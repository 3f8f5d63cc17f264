import { describe, expect, it } from 'vitest';
import { type MeterStatus, renderPage, type Status } from '../../src/web/page.ts';
import { safe } from '../support/safe-text.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

const METER: MeterStatus = {
  name: 'District heating',
  port: '/dev/ttyUSB0',
  schedule: '0 * * * *',
  serialNumber: '84968362',
  model: 'MULTICAL 403',
  online: true,
  lastReading: NOW - 60_000,
  lastError: undefined,
  readings: [{ label: 'Heat energy', text: '84.817 GJ', readAt: NOW - 60_000 }],
};

function page(changed: Partial<Status> = {}): string {
  return renderPage(
    {
      version: '1.2.3',
      startedAt: NOW - 3_600_000,
      clockProblem: undefined,
      broker: { connected: true, address: 'mqtt://broker:1883', problem: undefined },
      outputs: [],
      meters: [METER],
      log: [],
      ...changed,
    },
    NOW,
  );
}

const withMeter = (changed: Partial<MeterStatus>): string => page({ meters: [{ ...METER, ...changed }] });

describe('the status page', () => {
  it('says when a value was read that is older than the newest one', () => {
    const readings = [
      { label: 'Heat energy', text: '84.817 GJ', readAt: NOW - 60_000 },
      { label: 'Volume', text: '520.41 m³', readAt: NOW - 120_000 },
      { label: 'Mass M1', text: '510.01 t', readAt: NOW - 30_600_000 },
    ];
    const cells = Array.from(withMeter({ readings }).matchAll(/<td>(.*?)<\/td>/g), ([, cell]) => cell);
    expect(cells.slice(0, 2)).toEqual(['Heat energy', 'Volume']);
    expect(cells[2]).toMatch(/^Mass M1<br><span class="faint">2026-03-01 \d\d:30:00<\/span>$/);
  });

  it('shows what a meter last said, where it is, and where it goes to', () => {
    const text = page();
    for (const part of ['District heating', '84.817 GJ', 'MULTICAL 403, number 84968362', '/dev/ttyUSB0'])
      expect(text).toContain(part);
    expect(text).toMatch(/class="good">Answers/);
    expect(text).toMatch(/class="good">Connected: mqtt:\/\/broker:1883</);
    expect(text).toContain('Version 1.2.3');
  });

  it('shows no time that is wrong, and says why, while the clock is not set', () => {
    const text = page({
      startedAt: null,
      clockProblem: 'The clock of this computer is not set',
      meters: [
        { ...METER, lastReading: undefined, readings: [{ label: 'Heat energy', text: '1 GJ', readAt: 9 }] },
      ],
    });
    expect(text).toContain('class="bad">The clock of this computer is not set.<');
    expect(text).toContain('running since a time that is not known.');
    expect(text).not.toContain('1970');
  });

  it.each([
    [
      { online: false, lastError: safe('no light') },
      /class="bad">Does not answer<[\s\S]*Last error: no light/,
    ],
    [{ lastError: safe('no light') }, /class="bad">The last reading failed/],
    [{ online: undefined }, /class="wait">Not read since the start/],
    [
      { online: undefined, serialNumber: undefined, model: undefined, lastReading: undefined, readings: [] },
      /class="wait">Has not answered yet<[\s\S]*<p class="faint">at/,
    ],
  ])('says in words how a meter does: %j', (changed, words) => {
    expect(withMeter(changed)).toMatch(words);
  });

  it('puts away what a meter says beyond the first values', () => {
    const readings = Array.from({ length: 12 }, (_, index) => ({
      label: `Value ${index}`,
      text: `${index} kW`,
      readAt: NOW,
    }));
    expect(withMeter({ readings })).toMatch(/Value 7<[\s\S]*<summary>4 more values<[\s\S]*Value 8</);
  });

  it('says what to do while there is no meter', () => {
    expect(page({ meters: [] })).toMatch(/No meter yet[\s\S]*tab Configuration[\s\S]*restart/);
  });

  it('says what is wrong with the broker, and that there is none', () => {
    const broker = { connected: false, address: undefined, problem: safe('There is no MQTT broker yet.') };
    expect(page({ broker })).toMatch(/class="bad">Not connected<[\s\S]*There is no MQTT broker yet\./);
  });

  it('shows the log, newest first', () => {
    const log = (['info', 'warn', 'error', 'debug'] as const).map((level, index) => ({
      time: NOW + index,
      level,
      message: safe(`line ${index}`),
    }));
    expect(page({ log })).toMatch(/line 3[\s\S]*line 2[\s\S]*line 1[\s\S]*line 0/);
  });

  it('takes every text for text', () => {
    const evil = `"><script>alert('x')</script>&`;
    const text = page({
      version: evil,
      broker: { connected: false, address: evil, problem: safe(evil) },
      meters: [
        {
          ...METER,
          name: evil,
          port: evil,
          schedule: evil,
          serialNumber: evil,
          model: evil,
          lastError: safe(evil),
          readings: [{ label: evil, text: evil, readAt: NOW }],
        },
      ],
      log: [{ time: NOW, level: 'warn', message: safe(evil) }],
    });
    expect(text).not.toMatch(/<script|'x'/);
    expect(text).toContain('&#60;script&#62;');
  });

  it('loads nothing, links nowhere, runs nothing, and comes again by itself', () => {
    const text = page({ log: [{ time: NOW, level: 'info', message: safe('x') }] });
    expect(text).not.toMatch(/\b(src|href|action|onclick)=|url\(|@import|<script|<iframe/);
    expect(text).toMatch(/http-equiv="refresh" content="\d+"/);
  });

  it('shows where else readings go, and what is wrong there', () => {
    const good = { waiting: 0, delivered: 7, refused: 0, lost: 0, lastDelivery: NOW, problem: null };
    const bad = { ...good, waiting: 3, refused: 2, lost: 1, problem: safe('The server <does> not answer') };
    const text = page({
      broker: undefined,
      outputs: [
        { label: 'InfluxDB', noun: 'point', ...bad },
        { label: 'CSV files', noun: 'value', ...good },
        { label: 'Webhook', noun: 'post', ...good, delivered: 0, lastDelivery: null },
      ],
    });
    expect(text).not.toContain('MQTT broker');
    expect(text).toMatch(
      /<h2>InfluxDB<\/h2>\n<p class="bad">In trouble<\/p>\n<p>The server &#60;does&#62; not/,
    );
    expect(text).toContain(
      '7 points delivered since the start, 3 waiting, 2 refused and set aside, 1 given up.',
    );
    expect(text).toMatch(/<h2>CSV files<\/h2>\n<p class="good">Works/);
    expect(text).toMatch(/<h2>Webhook<\/h2>\n<p class="wait">Nothing delivered yet/);
  });
});
