export type MeterKind = 'heat' | 'water' | 'electricity';
