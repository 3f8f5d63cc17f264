import { brokerUrls } from '../../mqtt/broker-url.ts';
import { FILE_AUDIENCE, renderText } from '../../schema/fault.ts';

/** A bare host is meant as the usual address. */
export function asUrl(text: string): string {
  const trimmed = text.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return trimmed;
  return `mqtt://${trimmed}${/:\d+$/.test(trimmed) ? '' : ':1883'}`;
}

export function urlFault(text: string): string | undefined {
  if (text.trim() === '') return 'It must not be empty.';
  const fault = brokerUrls.fault(asUrl(text));
  return fault === null ? undefined : `It ${renderText(fault, FILE_AUDIENCE)}.`;
}
