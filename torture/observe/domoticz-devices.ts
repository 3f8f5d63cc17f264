import { agrees, agreesAsCount } from '../compare.ts';
import type { HostileLine } from '../line/hostile-line.ts';
import type { Understanding } from './files-and-servers.ts';

interface Device {
  readonly line: HostileLine;
  readonly quantity: string;
  /** What a counter counts. */
  readonly counts: 'Wh' | 'l' | undefined;
}

const WANTED = [
  { quantity: 'heat_energy', id: 60, counts: 'Wh' },
  { quantity: 'volume', id: 68, counts: 'l' },
  { quantity: 'power', id: 80, counts: undefined },
  { quantity: 'flow_temperature', id: 86, counts: undefined },
  { quantity: 'flow', id: 74, counts: undefined },
] as const;

/** Devices of Domoticz for the meters of a bridge, and what they are told. */
export class DomoticzDevices {
  private readonly understanding: Understanding;
  private readonly onStranger: (index: number) => void;
  private readonly devices = new Map<number, Device>();

  constructor(understanding: Understanding, onStranger: (index: number) => void) {
    this.understanding = understanding;
    this.onStranger = onStranger;
  }

  /** The key `domoticz.devices` of the configuration. */
  configure(lines: readonly HostileLine[]): Readonly<Record<string, string>> {
    const devices: Record<string, string> = {};
    for (const line of lines) {
      for (const { quantity, id, counts } of WANTED) {
        if (!line.own.registerIds.includes(id)) continue;
        const index = this.devices.size + 1;
        this.devices.set(index, { line, quantity, counts });
        devices[`${line.name}/${quantity}`] = `${index} ${counts === undefined ? 'value' : 'counter'}`;
      }
    }
    return devices;
  }

  /** A device is a place: it shows whichever meter answers there. */
  take(index: number, svalue: string): void {
    const { judge, unitOf } = this.understanding;
    const device = this.devices.get(index);
    if (device === undefined) {
      this.onStranger(index);
      return;
    }
    const { line, quantity, counts } = device;
    const own = String(line.own.serialNumber);
    const unit = unitOf(own, quantity);
    const there = [line.meter, line.own, line.stranger, line.neighbour].map(({ serialNumber }) =>
      String(serialNumber),
    );
    judge.valueOfOneOf(
      there,
      { output: 'Domoticz', serial: own, quantity, text: svalue, unit: undefined, at: undefined },
      (held) =>
        counts === undefined
          ? agrees(svalue, unit ?? held.reading.unit, held)
          : agreesAsCount(svalue, counts, held, unit !== undefined && unit !== held.reading.unit),
    );
  }
}
