import { boundariesOf } from '../../../src/history/bars.ts';
import { BAR_LENGTHS } from '../../../src/shared/bar-length.ts';
import type {
  BatteryState,
  BridgeState,
  ExchangeState,
  HistoryConsumption,
  HistoryContents,
  MeterState,
  RegisterState,
  Value,
} from '../../../src/web/api.ts';

function value(quantity: string, label: string, text: string, unit: string): Value {
  return { quantity, label, value: text, unit, readAt: Date.now() - 34_000 };
}

export function aMeter(changes: Partial<MeterState> = {}): MeterState {
  return {
    name: 'House',
    port: '/dev/serial/by-id/usb-Silicon_Labs_CP2102N-if00-port0',
    serialNumber: '69000001',
    model: 'MULTICAL 403',
    kind: 'heat',
    mainsPowered: false,
    schedule: 'saver: 59 * * * *',
    online: true,
    reading: null,
    readingLog: null,
    lastReading: Date.now() - 34_000,
    nextReading: Date.now() + 754_000,
    lastError: null,
    problems: [],
    glance: [
      value('heat_energy_fine', 'Varmeenergi, fin', '12849.28170', 'MWh'),
      value('heat_energy', 'Varmeenergi', '12849.28', 'MWh'),
      value('power', 'Effekt', '3.2', 'kW'),
      value('flow_temperature', 'Fremløbstemperatur', '58.37', '°C'),
      value('return_temperature', 'Returtemperatur', '31.10', '°C'),
      value('volume', 'Volumen', '1284.71', 'm³'),
      value('flow', 'Flow', '104', 'l/h'),
    ],
    today: { value: '0.02114', unit: 'MWh', cost: '19,03 kr.' },
    ...changes,
  };
}

export function aBridge(changes: Partial<BridgeState> = {}): BridgeState {
  const output = {
    noun: 'point',
    delivered: 1203,
    waiting: 0,
    refused: 0,
    lost: 0,
    lastDelivery: Date.now() - 34_000,
  };
  return {
    version: '1.2.3',
    startedAt: Date.now() - 3_600_000,
    clockProblem: null,
    needsSetup: false,
    usesPassword: false,
    outputs: [
      {
        ...output,
        delivered: null,
        lastDelivery: null,
        name: 'mqtt',
        label: 'MQTT broker',
        state: 'works',
        problem: null,
        address: 'mqtt://broker:1883',
      },
      {
        ...output,
        name: 'influxdb',
        label: 'InfluxDB',
        state: 'trouble',
        problem: 'InfluxDB refused three points: a field has another type.',
        address: 'http://influx:8086',
        waiting: 412,
        refused: 3,
      },
    ],
    meters: [aMeter()],
    ...changes,
  };
}

const HOUR = 3_600_000;

export const CONTENTS: HistoryContents = {
  problem: null,
  timezone: 'Europe/Copenhagen',
  quantities: [
    ['heat_energy_fine', 'Varmeenergi', 'MWh', 5, true] as const,
    ['power', 'Effekt', 'kW', 1, false] as const,
    ['flow_temperature', 'Fremløb', '°C', 2, false] as const,
    ['return_temperature', 'Retur', '°C', 2, false] as const,
  ].map(([quantity, label, unit, decimals, isTotal]) => ({
    ...{ quantity, label, unit, decimals, isTotal },
    first: Date.now() - 700 * 24 * HOUR,
    last: Date.now() - 34_000,
  })),
  price: { value: '900.00', unit: 'MWh', currency: 'DKK', quantities: ['heat_energy', 'heat_energy_fine'] },
};

/** Each bar is as high as its number from the end of the last year, so that a test knows what it sees. */
export function consumption(query: URLSearchParams): HistoryConsumption {
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  const by = BAR_LENGTHS.find((length) => length === query.get('by')) ?? 'day';
  const boundaries = boundariesOf(by, from, to, CONTENTS.timezone) ?? [];
  const bars = boundaries.slice(1).map((end, index) => {
    const begin = boundaries[index] ?? end;
    const isOver = begin <= Date.now();
    return {
      from: begin,
      to: end,
      used: isOver ? (index + 1) / 1000 : null,
      since: null,
      source: isOver ? ('reading' as const) : null,
    };
  });
  return { quantity: query.get('quantity') ?? '', unit: 'MWh', bars };
}

/** `isOut`: by how much of the stretch has passed, from 0 to 1. */
export function course(query: URLSearchParams, isOut: (part: number) => boolean = () => false): object {
  const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
  const middle = query.get('quantity') === 'return_temperature' ? 30 : 50;
  const points = Array.from({ length: 200 }, (_, index) => {
    const mean = middle + 10 * Math.sin(index / 9);
    return { at: from + ((to - from) * index) / 200, mean, low: mean - 2, high: mean + 3 };
  }).filter((_, index) => !isOut(index / 200));
  return { quantity: query.get('quantity'), unit: query.get('quantity') === 'power' ? 'kW' : '°C', points };
}

export const REGISTERS: readonly RegisterState[] = [
  { id: 60, label: 'Varmeenergi', quantity: 'heat_energy', value: '12849.28', unit: 'MWh' },
  { id: 1001, label: 'Serienummer', quantity: 'serial_number', value: '69000001', unit: null },
  { id: 555, label: null, quantity: null, value: '17', unit: 'kWh' },
].map((register) => ({ ...register, bytes: '02 04 43 00 13 9B 50', readAt: Date.now() - 34_000 }));

export const EXCHANGES: readonly ExchangeState[] = [
  {
    at: Date.now() - 34_000,
    sent: { bytes: '80 3F 02 35 E3 0D', parts: [{ bytes: '3F', meaning: 'destination: heat calculator' }] },
    received: {
      bytes: '40 3F 02 04 1C DB 41 8A 3E 0D',
      parts: [{ bytes: '04 1C DB 41', meaning: 'serial number 69000001' }],
    },
    outcome: 'answered',
    took: 212,
  },
];

export const BATTERY: BatteryState = {
  mainsPowered: false,
  assumedReadingsADay: 24,
  readingsToday: 17,
  days: Array.from({ length: 28 }, (_, index) => ({
    date: new Date(Date.UTC(2026, 10, index + 1)).toISOString().slice(0, 10),
    readings: index === 12 ? 96 : 25,
    awakeTime: 52_500,
    bytes: 7_750,
  })),
  ratio: 1.04,
  isJudged: true,
  readingsLeftToday: 79,
  presets: [
    { name: 'saver', words: 'every hour at minute 59', readingsADay: 25, ratio: 1.04, isOurs: true },
    { name: 'balanced', words: 'every quarter of an hour', readingsADay: 97, ratio: 4.04, isOurs: false },
    { name: '5 * * * *', words: 'as in the configuration', readingsADay: 25, ratio: 1.04, isOurs: false },
  ],
};
