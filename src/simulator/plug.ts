import type { SimulatedLine } from './options.ts';

/** A port or server that can be pulled out and put back. */
export interface Plug {
  unplug(): Promise<void>;
  replug(): Promise<void>;
  close(): Promise<void>;
}

interface PlugActions {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Bytes from the meter. */
  send(bytes: Uint8Array): void;
  /** An error of a connection that the line asked for. */
  report(error: unknown): void;
}

/** Connects when the line is plugged in and disconnects when it is unplugged, until it is closed. */
export function followPlug(line: SimulatedLine, { connect, disconnect, send, report }: PlugActions): Plug {
  // One after the other, however quickly the plug goes in and out.
  let plugging: Promise<void> = Promise.resolve();
  function plug(plugged: boolean): Promise<void> {
    const done = plugging.then(plugged ? connect : disconnect);
    plugging = done.catch(() => {});
    return done;
  }
  const endData = line.onData(send);
  const endPlug = line.onPlug((plugged) => void plug(plugged).catch(report));
  return {
    unplug: () => plug(false),
    replug: () => plug(true),
    async close() {
      endData();
      endPlug();
      await plug(false);
    },
  };
}
