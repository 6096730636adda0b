import type { SegmentInfo } from './segment/segment.js';

/** Segments of one size that become one. */
const segmentsAtOnce = 4;
const smallest = 500;
/** Larger ones are not made: they would take long to write and gain little. */
const mostDocuments = 500_000;

const live = ({ documents, ended }: SegmentInfo): number => documents - ended;
/** Sizes in steps of four. */
const tierOf = (info: SegmentInfo): number =>
  Math.max(0, Math.floor(Math.log(Math.max(1, live(info) / smallest)) / Math.log(segmentsAtOnce)));

function totalOf(infos: readonly SegmentInfo[]): number {
  return infos.reduce((sum, info) => sum + live(info), 0);
}

/** Neighbours [from, to) that are to become one; a single one when half of it has ended. */
export interface MergeRange {
  readonly from: number;
  readonly to: number;
}

/** What to merge next: neighbours only, so that every segment holds one stretch of the log. */
export function nextMerge(segments: readonly SegmentInfo[]): MergeRange | undefined {
  const highest = Math.max(0, ...segments.map(tierOf));
  for (let tier = 0; tier <= highest; tier += 1) {
    for (let from = 0; from < segments.length; from += 1) {
      let to = from;
      while (to < segments.length && tierOf(segments[to] ?? noSegment) <= tier) to += 1;
      // Smaller ones in between come with them.
      const group = segments.slice(from, to);
      const ofTier = group.filter((info) => tierOf(info) === tier).length;
      if (ofTier >= segmentsAtOnce && totalOf(group) <= mostDocuments) return { from, to };
      if (to > from) from = to;
    }
  }
  const half = segments.findIndex(({ documents, ended }) => ended * 2 > documents);
  return half === -1 ? undefined : { from: half, to: half + 1 };
}

const noSegment: SegmentInfo = { id: -1, documents: 0, ended: 0, bytes: 0 };
