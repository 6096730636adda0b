import type { DerivedRows } from '@drops/store';
import { manifestKey, readManifest, type Manifest } from './manifest.js';
import { createMemoryPart, type MemoryPart } from './memory-part.js';
import type { Part } from './part.js';
import { openSegment, type Segment } from './segment/segment.js';

/** The index as this process knows it. */
export interface IndexState {
  /** Oldest first. */
  segments: readonly Segment[];
  manifest: Manifest;
  /** What the manifest was read from. */
  manifestBytes: Uint8Array | undefined;
  /** Documents that are being written to a segment. */
  frozen: MemoryPart | undefined;
  active: MemoryPart;
  /** The log is followed up to this tx. */
  reached: number;
}

/** An index that has read nothing. */
export function createIndexState(): IndexState {
  return {
    segments: [],
    manifest: { format: 0, making: '', covered: 0, next: 0, segments: [] },
    manifestBytes: undefined,
    frozen: undefined,
    active: createMemoryPart(),
    reached: 0,
  };
}

/** Forgets what this process knows: all of it is read again when it is next needed. */
export function forgetState(state: IndexState): void {
  state.manifest = { ...state.manifest, making: '' };
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;

/** Opens the segments of a manifest; those that are open already stay so. */
function openSegments(rows: DerivedRows, manifest: Manifest, known: readonly Segment[]): readonly Segment[] {
  return manifest.segments.flatMap((info) => {
    const open = known.find(({ id }) => id === info.id);
    open?.refresh(info.ended);
    return open ?? openSegment(rows, info) ?? [];
  });
}

/**
 * Takes over what is in the store where another process, or a rebuild, has changed it: what this process had
 * in memory is read from the log again. True when something was changed.
 */
export function refreshState(state: IndexState, rows: DerivedRows): boolean {
  const bytes = rows.get(manifestKey);
  if (state.manifest.making !== '' && isSame(bytes, state.manifestBytes)) return false;
  const manifest = readManifest(bytes);
  const known = manifest.making === state.manifest.making ? state.segments : [];
  state.segments = openSegments(rows, manifest, known);
  state.manifest = manifest;
  state.manifestBytes = bytes;
  state.frozen = undefined;
  state.active = createMemoryPart();
  state.reached = manifest.covered;
  return true;
}

/** All parts, the oldest documents first. */
export const partsOf = ({ segments, frozen, active }: IndexState): readonly Part[] => [
  ...segments,
  ...(frozen ? [frozen] : []),
  active,
];
