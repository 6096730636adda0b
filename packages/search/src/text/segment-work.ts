import type { DerivedRow, DerivedRows } from '@drops/store';
import { forgetState, type IndexState } from './index-state.js';
import { manifestKey, writeManifest, type Manifest } from './manifest.js';
import { createMemoryPart } from './memory-part.js';
import type { MergeRange } from './merge-policy.js';
import { gone, memorySource } from './segment/memory-source.js';
import { mergeSource } from './segment/merge-source.js';
import { openSegment, type Segment, type SegmentInfo } from './segment/segment.js';
import { segmentRange, segmentRow } from './segment/segment-rows.js';
import { writeSegment, type WrittenSegment } from './segment/write-segment.js';

export interface BuilderParts {
  readonly rows: DerivedRows;
  readonly state: IndexState;
}

/** Bytes that are written in one transaction: others wait no longer than that takes. */
const bytesAtOnce = 1 << 20;

/** Puts rows of a segment that no manifest names yet; false when the manifest has changed meanwhile. */
function* putRows(
  { rows, state }: BuilderParts,
  id: number,
  written: WrittenSegment,
): Generator<void, boolean> {
  const guard = { key: manifestKey, value: state.manifestBytes };
  let batch: DerivedRow[] = [];
  let size = 0;
  // A segment of this number may have been begun before.
  let removed = [segmentRange(id)];
  for (const row of written.rows) {
    batch.push(row);
    size += row.value.byteLength;
    if (size < bytesAtOnce) continue;
    if (!rows.apply({ guard, removed, puts: batch })) return false;
    batch = [];
    size = 0;
    removed = [];
    yield;
  }
  return rows.apply({ guard, removed, puts: batch });
}

/** Bits of documents that have ended, with more of them. */
function withBits(bits: Uint8Array, documents: number, more: Iterable<number>): Uint8Array {
  const all = new Uint8Array((documents + 7) >> 3);
  all.set(bits.subarray(0, all.length));
  for (const document of more) all[document >> 3] = (all[document >> 3] ?? 0) | (1 << (document & 7));
  return all;
}

function countBits(bits: Uint8Array): number {
  let count = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count += 1;
  return count;
}

interface Ended {
  readonly info: SegmentInfo;
  readonly rows: readonly DerivedRow[];
  /** What ended later than the manifest will cover. */
  readonly later: ReadonlyMap<number, number>;
}

/** What has ended in a segment up to a tx, as it will stand in the store. */
function endedIn(segment: Segment, info: SegmentInfo, tx: number): Ended {
  const due = [...segment.endedLater].filter(([, at]) => at <= tx).map(([document]) => document);
  const later = new Map([...segment.endedLater].filter(([, at]) => at > tx));
  if (due.length === 0) return { info, rows: [], later };
  const bits = withBits(segment.endedBits(), info.documents, due);
  return {
    info: { ...info, ended: countBits(bits) },
    rows: [{ key: segmentRow(info.id, 'ended'), value: bits }],
    later,
  };
}

/** Makes a manifest the one of the store; false when another process was first. */
function putManifest(
  { rows, state }: BuilderParts,
  manifest: Manifest,
  removed: readonly SegmentInfo[],
  puts: readonly DerivedRow[],
): boolean {
  const value = writeManifest(manifest);
  const done = rows.apply({
    guard: { key: manifestKey, value: state.manifestBytes },
    removed: removed.map(({ id }) => segmentRange(id)),
    puts: [...puts, { key: manifestKey, value }],
  });
  if (!done) return false;
  state.manifest = manifest;
  state.manifestBytes = value;
  return true;
}

/** Notes in the store that segments cover the log up to a tx: what has ended until then, and segments made of it. */
function putCovered(parts: BuilderParts, covered: number, made: readonly SegmentInfo[]): boolean {
  const { state } = parts;
  const ended = state.segments.map((segment, i) =>
    endedIn(segment, state.manifest.segments[i] ?? noInfo(segment), covered),
  );
  const manifest: Manifest = {
    ...state.manifest,
    covered,
    next: state.manifest.next + made.length,
    segments: [...ended.map(({ info }) => info), ...made],
  };
  if (
    !putManifest(
      parts,
      manifest,
      [],
      ended.flatMap((one) => one.rows),
    )
  )
    return false;
  state.segments.forEach((segment, i) => {
    const one = ended[i];
    if (!one || one.rows.length === 0) return;
    segment.refresh(one.info.ended);
    for (const [document, tx] of one.later) segment.endedLater.set(document, tx);
  });
  return true;
}

/** A stretch of the log without documents: nobody is to read it again. */
function coverMore(parts: BuilderParts): void {
  if (!putCovered(parts, parts.state.reached, [])) forgetState(parts.state);
}

/** Writes the active part as a segment, while a new one takes what is committed meanwhile. */
export function* flushMemory(parts: BuilderParts): Generator<void, void> {
  const { rows, state } = parts;
  if (state.active.size.documents === 0) return coverMore(parts);
  const frozen = state.active;
  const covered = state.reached;
  state.frozen = frozen;
  state.active = createMemoryPart();
  const { source, numbering } = memorySource(frozen, covered);
  const id = state.manifest.next;
  const written = yield* writeSegment(id, source);
  const isCurrent = (): boolean => state.frozen === frozen;
  const isPut = yield* putRows(parts, id, written);
  if (!isCurrent()) return;
  const made: SegmentInfo = { id, documents: source.keys.length, ended: 0, bytes: written.bytes };
  if (!isPut || !putCovered(parts, covered, [made])) return forgetState(state);
  const segment = openSegment(rows, made);
  if (segment) {
    for (const [route, numbers] of numbering) {
      numbers.forEach((number, document) => {
        const at = route.endedAt[document] ?? 0;
        if (number !== gone && at !== 0) segment.endedLater.set(number, at);
      });
    }
    state.segments = [...state.segments, segment];
  }
  state.frozen = undefined;
}

const noInfo = ({ id, documents }: Segment): SegmentInfo => ({ id, documents, ended: 0, bytes: 0 });

/** Makes one segment of neighbours; what ends meanwhile ends in it too. */
export function* mergeSegments(parts: BuilderParts, { from, to }: MergeRange): Generator<void, void> {
  const { rows, state } = parts;
  const merged = state.segments.slice(from, to);
  const { making } = state.manifest;
  const { source, numbering } = mergeSource(merged);
  const id = state.manifest.next;
  const written = yield* writeSegment(id, source);
  const isPut = yield* putRows(parts, id, written);
  const isCurrent =
    state.manifest.making === making && merged.every((segment, i) => state.segments[from + i] === segment);
  if (!isPut || !isCurrent) return;

  const made: SegmentInfo = { id, documents: source.keys.length, ended: 0, bytes: written.bytes };
  const before = state.manifest.segments;
  const infos = source.keys.length > 0 ? [made] : [];
  const manifest: Manifest = {
    ...state.manifest,
    next: id + 1,
    segments: [...before.slice(0, from), ...infos, ...before.slice(to)],
  };
  if (!putManifest(parts, manifest, before.slice(from, to), [])) return forgetState(state);
  const segment = openSegment(rows, made);
  if (segment) {
    merged.forEach((one, i) => {
      for (const [document, tx] of one.endedLater) {
        const number = numbering[i]?.[document] ?? gone;
        if (number !== gone) segment.endedLater.set(number, tx);
      }
    });
  }
  const opened = segment && source.keys.length > 0 ? [segment] : [];
  state.segments = [...state.segments.slice(0, from), ...opened, ...state.segments.slice(to)];
}
