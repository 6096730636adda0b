/** Bits of the character table: what may go on a word, what may end one. */
const inWord = 1;
const endsWord = 2;

const table = new Uint8Array(128);
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_') {
  table[c.charCodeAt(0)] = inWord | endsWord;
}
table[0x2e] = inWord;
table[0x2d] = inWord;

const slash = 0x2f;
const star = 0x2a;
const dot = 0x2e;
const minus = 0x2d;
const colon = 0x3a;
const plus = 0x2b;

/** Whether a character may stand inside a word, a key or a route segment. */
export function isWordCharacter(code: number): boolean {
  return code < 128 && (table[code] ?? 0) !== 0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

// A run of dots or minus signs is no word, and each of its characters is tried again: its end is kept.
let runStart = 0;
let runEnd = 0;

/** Forgets what was kept of the text read before. */
export function forgetRuns(): void {
  runStart = 0;
  runEnd = 0;
}

function endOfRun(text: string, from: number): number {
  if (from > runStart && from < runEnd) return runEnd;
  let at = from;
  while (isWordCharacter(text.charCodeAt(at))) at += 1;
  runStart = from;
  runEnd = at;
  return at;
}

/** `a/b`, and everything that was meant to be one: empty segments and wildcards are told apart later. */
function endOfPath(text: string, from: number): number {
  let at = from;
  while (isWordCharacter(text.charCodeAt(at)) || text.charCodeAt(at) === slash || isWildcard(text, at))
    at += 1;
  return at;
}

function isWildcard(text: string, at: number): boolean {
  return text.charCodeAt(at) === star && text.charCodeAt(at - 1) === slash;
}

/** `14:30`, `9:30am`: only two digits after the colon, and nothing of a word behind them. */
function endOfTime(text: string, from: number, end: number): number {
  if (end - from > 2 || text.charCodeAt(end) !== colon || !isDigit(text.charCodeAt(from))) return -1;
  if (!isDigit(text.charCodeAt(end - 1))) return -1;
  const after = endOfRun(text, end + 1);
  return /^[0-9]{2}(?:am|pm)?$/.test(text.slice(end + 1, Math.min(after, end + 8))) ? after : -1;
}

/** `1e+5`: the one number with a character that no word holds. */
function endOfExponent(text: string, from: number, end: number): number {
  if (text.charCodeAt(end) !== plus || (text.charCodeAt(end - 1) | 0x20) !== 0x65) return end;
  const after = endOfRun(text, end + 1);
  const isNumber = after - from < 400 && /^[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+$/.test(text.slice(from, after));
  return isNumber ? after : end;
}

/** What may follow the dot of `.name`. */
function beginsField(code: number): boolean {
  return isWordCharacter(code) && !isDigit(code) && code !== dot && code !== minus;
}

function endOfBare(text: string, from: number): number {
  const first = text.charCodeAt(from);
  const run = endOfRun(text, from);
  if (text.charCodeAt(run) === slash) {
    const path = endOfPath(text, run);
    // `a /` and `a//b` are paths gone wrong; a lone slash after a number or a word is told there too.
    return path;
  }
  if (first === minus) return from;
  if (first === dot && !beginsField(text.charCodeAt(from + 1))) return from;
  let end = run;
  while (end > from && ((table[text.charCodeAt(end - 1)] ?? 0) & endsWord) === 0) end -= 1;
  if (first === dot) return end;
  if (!isDigit(first)) return end;
  const time = endOfTime(text, from, end);
  return time === -1 ? endOfExponent(text, from, end) : time;
}

// The lexer reads a match at once, so one array serves all.
const result: [string] = [''];

/** Matches a run of word characters: a word, number, path, time or `.field`. */
export function matchBare(text: string, offset: number): [string] | null {
  const end = endOfBare(text, offset);
  if (end === offset) return null;
  result[0] = text.slice(offset, end);
  return result;
}
