/** The names of our topics below one base topic. */
export interface Topics {
  readonly base: string;
  /** `online` or `offline`, retained; the broker itself says `offline` when we vanish. */
  readonly bridgeState: string;
  /** The health of the other outputs, retained. */
  readonly bridgeDiagnostics: string;
  /** Bridges that share the base topic find each other here. Nothing is retained. */
  readonly bridgeHello: string;
  /** Whether a user of the broker may publish is tried here. Nothing is retained, and nobody listens. */
  readonly bridgeCheck: string;
  availability(serialNumber: string): string;
  state(serialNumber: string): string;
  /** When those values of the state were read that the newest reading did not bring, retained. */
  older(serialNumber: string): string;
  diagnostics(serialNumber: string): string;
  /** What happened at the meter, when it happens. Nothing is retained: it would happen again for each who comes. */
  event(serialNumber: string): string;
  /** Any message here asks for a reading. */
  read(serialNumber: string): string;
  /** A message here asks for rows of the meter's own log, as it was read before. */
  logGet(serialNumber: string): string;
  /** The rows that somebody asked for. Nothing is retained. */
  log(serialNumber: string): string;
}

/** One bridge among those that share a base topic; a guest is not the one that all of them know as the bridge. */
export interface BridgePlace {
  guest?: string | undefined;
}

/** `place` may change: the names do, then. */
export function topicsBelow(baseTopic: string, place: BridgePlace = {}): Topics {
  const base = baseTopic.replace(/^\/+|\/+$/g, '');
  return {
    base,
    get bridgeState() {
      return place.guest === undefined ? `${base}/bridge/state` : `${base}/bridge/${place.guest}/state`;
    },
    bridgeDiagnostics: `${base}/bridge/diagnostics`,
    bridgeHello: `${base}/bridge/hello`,
    bridgeCheck: `${base}/bridge/check`,
    availability: (serialNumber) => `${base}/${serialNumber}/availability`,
    state: (serialNumber) => `${base}/${serialNumber}/state`,
    older: (serialNumber) => `${base}/${serialNumber}/older`,
    diagnostics: (serialNumber) => `${base}/${serialNumber}/diagnostics`,
    event: (serialNumber) => `${base}/${serialNumber}/event`,
    read: (serialNumber) => `${base}/${serialNumber}/read`,
    logGet: (serialNumber) => `${base}/${serialNumber}/log/get`,
    log: (serialNumber) => `${base}/${serialNumber}/log`,
  };
}
