import type { ConfigKey, ConfigKeys } from './config-key.ts';
import { flag, optionalFile } from './general-kinds.ts';
import type { ValueKind } from './value-kind.ts';

/** Null: not given. Home Assistant's form leaves an empty text where somebody typed something and took it back. */
export function optionalKey(doc: string, { read, fault }: ValueKind): ConfigKey {
  const kind: ValueKind = {
    read,
    fault: (value) => (value === null || value === '' ? null : fault(value)),
  };
  return { doc, kind, default: null };
}

/** Of whatever an add-on connects to. */
export const optionalCertificates: ConfigKeys = {
  ca: optionalKey('File with the certificate authority, below /ssl.', optionalFile('/ssl')),
  verify_certificate: optionalKey('Whether the other side must show a valid certificate.', flag),
};
