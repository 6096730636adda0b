import type { Chunks } from './lines.js';
import { newlines } from './newlines.js';

/** The text of one element of an array, and the line on which it begins. */
export interface ElementText {
  readonly line: number;
  readonly text: string;
  /** The file ends inside of it. */
  readonly cut: boolean;
}

/** What changes the state of the scan: everything between is passed over in one step. */
const telling = /["'[\]{}(),\n]/g;
const inText = { '"': /["\\\n]/g, "'": /['\\\n]/g } as const;

interface Scan {
  /** Nesting inside of the array; 0: outside of any. */
  depth: number;
  quote: '"' | "'" | undefined;
  /** The chunk ended on a backslash: the next character is escaped. */
  escaped: boolean;
  line: number;
  /** What was read of the element so far, and where it began. */
  parts: string[];
  begun: number | undefined;
}

/**
 * The elements of the top-level arrays of a text (`[…]`, `{"results": […]}`, `db.users.insertMany([…])`), one at a time.
 * A text without an array has none.
 */
export async function* elementsOf(chunks: Chunks): AsyncGenerator<ElementText> {
  const scan: Scan = { depth: 0, quote: undefined, escaped: false, line: 1, parts: [], begun: undefined };
  for await (const chunk of chunks) yield* elementsIn(chunk, scan);
  if (scan.depth > 0) yield { line: scan.begun ?? scan.line, text: scan.parts.join(''), cut: true };
}

function* elementsIn(chunk: string, scan: Scan): Generator<ElementText> {
  let start = 0;
  let at = scan.escaped && chunk !== '' ? 1 : 0;
  if (at === 1) scan.escaped = false;
  const keep = (end: number) => {
    if (scan.depth === 0 || end <= start) return;
    const text = chunk.slice(start, end);
    if (scan.begun === undefined) {
      const blank = /^\s*/.exec(text)?.[0] ?? '';
      if (blank.length < text.length) scan.begun = scan.line - newlines(text) + newlines(blank);
    }
    scan.parts.push(text);
  };
  const finish = (end: number): ElementText | undefined => {
    keep(end);
    const text = scan.parts.join('');
    const element = text.trim() === '' ? undefined : { line: scan.begun ?? scan.line, text, cut: false };
    scan.parts = [];
    scan.begun = undefined;
    start = end + 1;
    return element;
  };
  for (;;) {
    const pattern = scan.quote ? inText[scan.quote] : telling;
    pattern.lastIndex = at;
    const found = pattern.exec(chunk);
    if (!found) break;
    at = found.index + 1;
    const [char] = found;
    if (char === '\n') scan.line += 1;
    else if (scan.quote) {
      if (char !== '\\') scan.quote = undefined;
      else if (at < chunk.length) at += 1;
      else scan.escaped = true;
    } else if (char === '"' || char === "'") scan.quote = char;
    else if (scan.depth === 0) {
      if (char !== '[') continue;
      scan.depth = 1;
      start = at;
    } else if (char === '[' || char === '{' || char === '(') scan.depth += 1;
    else if (char === ',') {
      if (scan.depth > 1) continue;
      const element = finish(found.index);
      if (element) yield element;
    } else if (scan.depth > 1) scan.depth -= 1;
    else {
      const element = finish(found.index);
      scan.depth = 0;
      if (element) yield element;
    }
  }
  keep(chunk.length);
}
