/** The names of our topics below one base topic. */
export interface Topics {
  readonly base: string;
  /** `online` or `offline`, retained; the broker itself says `offline` when we vanish. */
  readonly bridgeState: string;
  /** The health of the other outputs, retained. */
  readonly bridgeDiagnostics: string;
  availability(serialNumber: string): string;
  state(serialNumber: string): string;
  /** When those values of the state were read that the newest reading did not bring, retained. */
  older(serialNumber: string): string;
  diagnostics(serialNumber: string): string;
  /** Any message here asks for a reading. */
  read(serialNumber: string): string;
}

export function topicsBelow(baseTopic: string): Topics {
  const base = baseTopic.replace(/^\/+|\/+$/g, '');
  return {
    base,
    bridgeState: `${base}/bridge/state`,
    bridgeDiagnostics: `${base}/bridge/diagnostics`,
    availability: (serialNumber) => `${base}/${serialNumber}/availability`,
    state: (serialNumber) => `${base}/${serialNumber}/state`,
    older: (serialNumber) => `${base}/${serialNumber}/older`,
    diagnostics: (serialNumber) => `${base}/${serialNumber}/diagnostics`,
    read: (serialNumber) => `${base}/${serialNumber}/read`,
  };
}
