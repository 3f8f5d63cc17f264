import { magnitudeOf } from '../../../src/kmp/register.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import type { ConditionName } from '../../../src/simulator/conditions.ts';
import { type RegisterDefinition, registerDefinitions } from '../../../src/simulator/models/meter-model.ts';
import type { ModelName } from '../../../src/simulator/models/models.ts';
import type { SimulatedMeterOptions } from '../../../src/simulator/options.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { serveTcp, type TcpServer } from '../../../src/simulator/tcp-server.ts';
import type { VirtualMeter } from '../../../src/simulator/virtual-meter.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';

/** The faster of the two that meters have: a scan of all registers takes seconds. */
export const BAUD_RATE = 9600;
const SIGN = 0x80;

/** A simulated meter at a TCP port. */
export class Meter {
  readonly simulator: Simulator;
  readonly logger = new CollectingLogger();
  private server: TcpServer | undefined;
  private tcpPort = 0;

  constructor(model: ModelName, options: Partial<SimulatedMeterOptions> = {}) {
    this.simulator = new Simulator({
      meters: [{ model, ...options }],
      baudRate: BAUD_RATE,
      clock: systemClock,
      random: () => 0.5,
      logger: this.logger,
    });
  }

  get port(): string {
    return `tcp://127.0.0.1:${this.tcpPort}`;
  }

  get serial(): string {
    return String(this.virtual.serialNumber);
  }

  private get definitions(): ReadonlyMap<number, RegisterDefinition> {
    return registerDefinitions(this.virtual.model.registers);
  }

  private get virtual(): VirtualMeter {
    const [meter] = this.simulator.meters;
    if (meter === undefined) throw new Error('no meter is on the line');
    return meter;
  }

  /** Also again, at the same port, or at that of another one which is no longer there. */
  async plugIn(inPlaceOf: Meter = this): Promise<this> {
    this.server = await serveTcp({ line: this.simulator, port: inPlaceOf.tcpPort, logger: this.logger });
    this.tcpPort = this.server.port;
    return this;
  }

  async unplug(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  /** From now on every number stays what it is. */
  freeze(): this {
    for (const [id, { source }] of this.definitions) {
      const isText = typeof source === 'object' && 'text' in source;
      if (source !== 'dateTime' && !isText) this.hold(id, this.integer(id));
    }
    return this;
  }

  /** What the register holds, in its own unit. */
  value(id: number): number {
    return Number(this.integer(id)) / 10 ** this.definition(id).decimals;
  }

  set(id: number, value: number): void {
    this.hold(id, BigInt(Math.round(value * 10 ** this.definition(id).decimals)));
  }

  conditions(conditions: readonly ConditionName[]): void {
    this.virtual.setConditions(conditions);
  }

  lack(id: number): void {
    this.virtual.setRegister(id, null);
  }

  /** Again what the model has there. */
  restore(id: number): void {
    this.virtual.setRegister(id, this.definition(id));
  }

  async remove(): Promise<void> {
    this.simulator.stop();
    await this.unplug();
  }

  private integer(id: number): bigint {
    const [record] = this.virtual.read([id]);
    if (record === undefined) throw new Error(`the meter has no register ${id}`);
    return record.signExponent & SIGN ? -magnitudeOf(record) : magnitudeOf(record);
  }

  private hold(id: number, source: bigint): void {
    this.virtual.setRegister(id, { ...this.definition(id), source });
  }

  private definition(id: number): RegisterDefinition {
    const definition = this.definitions.get(id);
    if (definition === undefined) throw new Error(`the meter has no register ${id}`);
    return definition;
  }
}
