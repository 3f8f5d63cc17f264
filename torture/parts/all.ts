import { brokerPart } from './broker-part.ts';
import { clockPart } from './clock-part.ts';
import { diskPart } from './disk-part.ts';
import { filesPart } from './files-part.ts';
import { killPart } from './kill-part.ts';
import { linePart } from './line-part.ts';
import type { Part } from './part.ts';
import { serverPart } from './server-part.ts';

/** Side by side, each with a bridge and a world of its own. */
export const PARTS: readonly Part[] = [
  linePart,
  brokerPart,
  serverPart,
  killPart,
  diskPart,
  clockPart,
  filesPart,
];
