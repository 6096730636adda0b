import { isArray, isObject, type Json } from '@drops/ir';
import { termOf } from './stem.js';
import { wordsOf } from './tokens.js';

/** Snippets of texts by the path to each: what was found stands in `<mark>`, the rest as HTML text. */
export type Highlights = Readonly<Record<string, string>>;

/** Characters of a snippet, about, and how many of them may stand before the first word that was found. */
const snippetLength = 160;
const lead = 40;
const wordForm = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

interface Stretch {
  readonly start: number;
  readonly end: number;
}

const isMeant = (word: string, terms: ReadonlySet<string>): boolean =>
  wordsOf(word).some((one) => terms.has(one) || terms.has(termOf(one)));

/** Where the words of some terms stand in a text. */
function stretchesIn(text: string, terms: ReadonlySet<string>): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { 0: word, index } of text.matchAll(wordForm)) {
    if (isMeant(word, terms)) found.push({ start: index, end: index + word.length });
  }
  return found;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const asHtml = (text: string): string => text.replace(/[&<>]/g, (character) => entities[character] ?? '');

/** The nearest beginning of a word at or after a place. */
function wordStart(text: string, place: number): number {
  if (place <= 0) return 0;
  const space = text.indexOf(' ', place);
  return space === -1 || space > place + 20 ? place : space + 1;
}

function snippetOf(text: string, stretches: readonly Stretch[]): string {
  const first = stretches[0]?.start ?? 0;
  const start = text.length <= snippetLength ? 0 : Math.min(first, wordStart(text, first - lead));
  const end = Math.min(text.length, start + snippetLength);
  let at = start;
  let snippet = start > 0 ? '…' : '';
  for (const stretch of stretches) {
    if (stretch.start >= end) break;
    snippet += `${asHtml(text.slice(at, stretch.start))}<mark>${asHtml(text.slice(stretch.start, stretch.end))}</mark>`;
    at = stretch.end;
  }
  return at < end || end < text.length
    ? `${snippet}${asHtml(text.slice(at, Math.max(at, end)))}${end < text.length ? '…' : ''}`
    : snippet;
}

/** Snippets of the texts of a payload that hold any of some terms. */
export function highlight(payload: Json, terms: ReadonlySet<string>): Highlights {
  const snippets: Record<string, string> = {};
  const walk = (value: Json, path: string): void => {
    if (typeof value === 'string') {
      const stretches = stretchesIn(value, terms);
      if (stretches.length > 0) snippets[path === '' ? 'payload' : path] = snippetOf(value, stretches);
    } else if (isArray(value)) {
      if (path !== 'vector') value.forEach((item, i) => walk(item, `${path}[${i}]`));
    } else if (isObject(value)) {
      for (const [name, member] of Object.entries(value))
        walk(member, path === '' ? name : `${path}.${name}`);
    }
  };
  walk(payload, '');
  return snippets;
}
