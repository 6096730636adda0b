import { fail, type Span } from '@drops/diagnostics';
import { readVector, unitVector, type Json, type Search } from '@drops/ir';
import {
  fuse,
  type Fusion,
  type Hit,
  type SearchIndexes,
  type TextMatches,
  type VectorAnswer,
} from '@drops/search';
import type { Snapshot } from '@drops/store';
import type { Visible } from '../operators/access.js';

/** What was searched, for the reply. */
export interface SearchReport {
  readonly mode: 'text' | 'vector' | 'hybrid';
  readonly fusion?: Fusion;
  /** How many drops were compared, each counted once. */
  readonly searched: number;
  readonly vectors?: Pick<VectorAnswer, 'total' | 'indexType' | 'dimensions'>;
  /** All that fit were seen, and were too few. */
  readonly exhausted: boolean;
}

export interface FoundHits {
  readonly hits: readonly Hit[];
  /** There are no others. */
  readonly isAll: boolean;
  /** The terms that the text means. */
  readonly terms: ReadonlySet<string>;
  readonly report: SearchReport;
}

export interface HitSources {
  readonly indexes: SearchIndexes;
  readonly snapshot: Snapshot;
  /** The snapshot is one of the past. */
  readonly past: boolean;
  readonly visible: Visible;
  /** Told of drops that are read from the store. */
  readonly read: (drops: number) => void | Promise<void>;
}

/** What is looked for. */
export interface Wanted {
  readonly route: string;
  readonly text: string | undefined;
  /** Of length 1. */
  readonly vector: Float32Array | undefined;
  readonly fusion: Fusion;
  readonly minScore: number | undefined;
  readonly span: Span;
}

/** What a search looks for; the vector of the request stands in where its text has none. SEARCH_REQUIRED, INVALID_TEXT, INVALID_VECTOR. */
export function wantedOf(source: Search, requestVector: Json | undefined): Wanted {
  const { route, text, vector, fusion, minScore, span } = source;
  const given = vector?.kind === 'Lit' ? vector.value : requestVector;
  const numbers =
    given === undefined || given === null ? undefined : unitVector(readVector(given, vector?.span));
  if (text === undefined && !numbers) {
    fail('SEARCH_REQUIRED', 'a search needs a text, a vector or both', {
      span,
      hint: `search ${route} "some words"`,
    });
  }
  if (typeof text === 'string' && !/[\p{L}\p{N}]/u.test(text)) {
    fail('INVALID_TEXT', 'the text of a search holds no word', {
      span,
      hint: `search ${route} "some words"`,
    });
  }
  return {
    route,
    text: typeof text === 'string' ? text : undefined,
    vector: numbers,
    fusion: fusion === 'rrf' ? 'rrf' : 'weighted',
    minScore: typeof minScore === 'number' ? minScore : undefined,
    span,
  };
}

function findText(
  sources: HitSources,
  { route, text, span }: Wanted,
  count: number,
  seen: ReadonlySet<number> | undefined,
) {
  if (text === undefined) return undefined;
  const { indexes, snapshot, past, visible, read } = sources;
  const request = { scope: { route, visible }, text, count, read, seen };
  const check = (matches: TextMatches): TextMatches => {
    if (matches.words > 0) return matches;
    return fail('NO_TEXT_CONTENT', `nothing on ${route} or below it has any text`, { span });
  };
  const found = indexes.text.search(snapshot, request, past);
  return found instanceof Promise ? found.then(check) : check(found);
}

async function findVectors(
  sources: HitSources,
  { route, text, vector, span }: Wanted,
  count: number,
  seen: Set<number> | undefined,
): Promise<VectorAnswer | undefined> {
  const { indexes, snapshot, past, visible } = sources;
  const { embedded } = indexes;
  // Without a vector of its own a text stands for one, where texts are embedded.
  if (!vector && (text === undefined || past || !embedded)) return undefined;
  const routes = snapshot.routes(route).filter(visible);
  if (!vector) {
    // An embedding tells of a text: of routes of which only some drops are shown there is none.
    const whole = routes.filter((path) => snapshot.filtered?.(path) !== true);
    return embedded?.search(snapshot, whole, text ?? '', count, seen);
  }
  const answer = await indexes.vectors.search(snapshot, routes, vector, count, seen);
  return answer ?? fail('NO_VECTORS', `nothing on ${route} or below it has a vector`, { span });
}

/** What scores enough. */
function above(hits: readonly Hit[], minScore: number | undefined): readonly Hit[] {
  return minScore === undefined ? hits : hits.filter(({ score }) => score >= minScore);
}

const noTerms: ReadonlySet<string> = new Set();

/** The best hits of a search. NO_VECTORS, NO_TEXT_CONTENT, DIMENSION_MISMATCH. */
export async function findHits(sources: HitSources, wanted: Wanted, count: number): Promise<FoundHits> {
  // A drop that both compare is counted once.
  const seen = wanted.text === undefined ? undefined : new Set<number>();
  const answer = await findVectors(sources, wanted, count, seen);
  const matches = await findText(sources, wanted, count, answer && seen);
  const vectorHits = answer?.hits ?? [];
  const textHits = matches?.hits ?? [];
  const isAll = vectorHits.length < count && textHits.length < count;
  const isHybrid = answer !== undefined && matches !== undefined;
  const hits = isHybrid ? fuse(vectorHits, textHits, wanted.fusion) : answer ? vectorHits : textHits;
  const kept = above(hits, wanted.minScore);
  return {
    hits: kept,
    isAll: isAll || kept.length < hits.length,
    terms: matches?.terms ?? noTerms,
    report: {
      mode: isHybrid ? 'hybrid' : answer ? 'vector' : 'text',
      ...(isHybrid && { fusion: wanted.fusion }),
      searched: (answer?.compared ?? 0) + (matches?.compared ?? 0),
      ...(answer && { vectors: answer }),
      exhausted: false,
    },
  };
}
