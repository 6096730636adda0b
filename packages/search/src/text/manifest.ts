import { randomUUID } from 'node:crypto';
import type { SegmentInfo } from './segment/segment.js';

/** Rises when rows are written in another way: those of another format are left alone until a rebuild of the index. */
const format = 1;
export const manifestKey = 'manifest';

/** Which segments there are, and what they cover. */
export interface Manifest {
  readonly format: number;
  /** Names this making of the index: its segments are no others' of the same number. */
  readonly making: string;
  /** Segments hold what the log says up to this tx. */
  readonly covered: number;
  /** The number of the next segment. */
  readonly next: number;
  /** Oldest documents first. */
  readonly segments: readonly SegmentInfo[];
}

export const writeManifest = (manifest: Manifest): Uint8Array =>
  Buffer.from(JSON.stringify(manifest), 'utf8');

/** The manifest in the bytes of its row, or without one that of an index that holds nothing yet. */
export function readManifest(bytes: Uint8Array | undefined): Manifest {
  const found: Manifest | undefined = bytes && JSON.parse(Buffer.from(bytes).toString('utf8'));
  return found?.format === format
    ? found
    : { format, making: randomUUID(), covered: 0, next: 0, segments: [] };
}
