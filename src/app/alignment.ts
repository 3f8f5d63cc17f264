export { type Alignment, alignmentAdvice } from '../meter/alignment.ts';
