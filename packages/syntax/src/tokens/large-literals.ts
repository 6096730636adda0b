import type { CustomPatternMatcherReturn, IToken } from 'chevrotain';
import type { Json } from '@drops/diagnostics';
import { endOfLine, isCommentStart } from './match-comment.js';
import { endOfString } from './match-string.js';

/** Literals above this many characters are read by JSON.parse when they are JSON. */
const threshold = 4096;
const maximalDepth = 100;

export interface LargeLiteral {
  readonly end: number;
  readonly value: Json;
}

export interface LargeLiterals {
  /** By the offset of the opening bracket. */
  readonly byStart: ReadonlyMap<number, LargeLiteral>;
  /** An upper bound of the tokens outside of strings and of these literals. */
  readonly weight: number;
}

interface Candidate {
  readonly start: number;
  readonly end: number;
  /** How much the scan had counted before and after it. */
  readonly weightBefore: number;
  readonly weightAfter: number;
}

interface Opener {
  readonly start: number;
  readonly weight: number;
}

const isOpener = (code: number) => code === 0x7b || code === 0x5b;
const isCloser = (code: number) => code === 0x7d || code === 0x5d;
const isWordCode = (code: number) =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f;

/** One walk over the text: the spans of large `{…}` and `[…]`, outer before inner, and the weight of all the rest. */
function scan(text: string): { readonly candidates: readonly Candidate[]; readonly weight: number } {
  const candidates: Candidate[] = [];
  const open: Opener[] = [];
  let weight = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x27) {
      const end = endOfString(text, at);
      if (end === -1) break;
      weight += 1;
      at = end;
      continue;
    }
    if ((code === 0x2d || code === 0x2f) && isCommentStart(text, at)) {
      at = endOfLine(text, at);
      continue;
    }
    if (isOpener(code)) open.push({ start: at, weight });
    else if (isCloser(code)) {
      const opener = open.pop();
      if (opener && at + 1 - opener.start > threshold && open.length < maximalDepth) {
        candidates.push({
          start: opener.start,
          end: at + 1,
          weightBefore: opener.weight,
          weightAfter: weight + 1,
        });
      }
    }
    if (code > 0x20 && !(isWordCode(code) && isWordCode(text.charCodeAt(at - 1)))) weight += 1;
    at += 1;
  }
  candidates.sort((a, b) => a.start - b.start);
  return { candidates, weight };
}

/** Whether every string is well formed and every number finite; otherwise the grammar must say where. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maximalDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth + 1));
  return Object.entries(value).every(
    ([name, item]) => isStorable(name, depth) && isStorable(item, depth + 1),
  );
}

/** Escapes that JSON knows and this language does not: the same text must not mean two things. */
const foreignEscape = /(?<!\\)(?:\\\\)*\\[bf]/;

function readJson(text: string): { readonly value: Json } | undefined {
  if (foreignEscape.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return isStorable(value, 1) ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the large literals of a text that are JSON. What is not JSON (names without quotes, faults) stays for the
 * grammar, whose errors have exact places; its large parts are tried in turn, within a budget.
 */
export function findLargeLiterals(text: string): LargeLiterals {
  const byStart = new Map<number, LargeLiteral>();
  const { candidates, weight } = scan(text);
  let rest = weight;
  let done = 0;
  let budget = text.length * 4;
  for (const candidate of candidates) {
    const length = candidate.end - candidate.start;
    if (candidate.start < done || budget < length) continue;
    budget -= length;
    const json = readJson(text.slice(candidate.start, candidate.end));
    if (!json) continue;
    byStart.set(candidate.start, { end: candidate.end, value: json.value });
    done = candidate.end;
    rest -= candidate.weightAfter - candidate.weightBefore;
  }
  return { byStart, weight: rest };
}

const none: LargeLiterals = { byStart: new Map(), weight: 0 };
let current = none;

/** Gives the lexer the large literals of the text it is about to read. Small texts have none. */
export function prepareLargeLiterals(text: string): LargeLiterals {
  current = text.length > threshold ? findLargeLiterals(text) : none;
  return current;
}

/** Matches a literal that was found before; the token carries its value. */
export function matchJson(text: string, offset: number): CustomPatternMatcherReturn | null {
  const literal = current.byStart.get(offset);
  if (!literal) return null;
  const match: CustomPatternMatcherReturn = [text.slice(offset, literal.end)];
  match.payload = { value: literal.value };
  return match;
}

/** The value that a token of `matchJson` carries. */
export function jsonOf(token: IToken): Json {
  const payload: { readonly value: Json } | undefined = token.payload;
  return payload?.value ?? null;
}
