import type { MeterIdentity } from './publisher.ts';

/**
 * The one model that a meter is, without the reason; null while it may be one of several. For tags and the like, where
 * another word begins another series.
 */
export function certainModel({ model }: Pick<MeterIdentity, 'model'>): string | null {
  const told = model?.replace(/ \([^)]*\)$/, '') ?? '';
  return told === '' || told.includes(' or ') ? null : told;
}
