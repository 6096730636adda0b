export type PieceKind =
  'blank' | 'comment' | 'string' | 'open' | 'close' | 'number' | 'key' | 'parameter' | 'word' | 'sign';

/** A stretch of a line that is being typed. */
export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

const rules: readonly (readonly [PieceKind, RegExp])[] = [
  ['blank', /\s+/y],
  ['key', /@(?:[A-Za-z0-9_.-]+|"(?:[^"\\]|\\[^])*"?)?/y],
  ['parameter', /\$[A-Za-z0-9_]*/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_/.-])/y],
  ['word', /[A-Za-z0-9_.][A-Za-z0-9_./-]*/y],
  ['string', /"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?/y],
  ['open', /[([{]/y],
  ['close', /[)\]}]/y],
  ['sign', /[^]/y],
];
const comment = /(?:--|\/\/)[^\n]*/y;

function matchAt(rule: RegExp, text: string, at: number): string | undefined {
  rule.lastIndex = at;
  return rule.exec(text)?.[0];
}

/** Cuts a text, finished or not, into coloured pieces. Unlike the lexer it takes whatever stands there. */
export function scan(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length;) {
    const afterBlank = at === 0 || /\s/.test(text[at - 1] ?? '');
    const found = afterBlank ? matchAt(comment, text, at) : undefined;
    if (found !== undefined) {
      pieces.push({ kind: 'comment', text: found });
      at += found.length;
      continue;
    }
    for (const [kind, rule] of rules) {
      const piece = matchAt(rule, text, at);
      if (piece === undefined) continue;
      pieces.push({ kind, text: piece });
      at += piece.length;
      break;
    }
  }
  return pieces;
}

function isClosed(text: string): boolean {
  const quote = text.replace(/^@/, '')[0];
  if (quote !== '"' && quote !== "'") return true;
  const body = text.replace(/^@/, '');
  return body.length > 1 && body.endsWith(quote) && !/[^\\](?:\\\\)*\\$/.test(body.slice(0, -1));
}

/** True while a bracket or a string is open: the statement goes on in the next line. */
export function isUnfinished(text: string): boolean {
  let depth = 0;
  for (const piece of scan(text)) {
    if (piece.kind === 'open') depth += 1;
    if (piece.kind === 'close') depth = Math.max(0, depth - 1);
    if ((piece.kind === 'string' || piece.kind === 'key') && !isClosed(piece.text)) return true;
  }
  return depth > 0;
}

/** One line for several, as history keeps it: line breaks in strings are written \n, others become blanks. */
export function onOneLine(text: string): string {
  return scan(text)
    .filter(({ kind }, index, all) => kind !== 'comment' || index === all.length - 1)
    .map(({ kind, text: piece }) =>
      piece.replace(/\r?\n/g, kind === 'string' || kind === 'key' ? '\\n' : ' '),
    )
    .join('')
    .trim();
}
