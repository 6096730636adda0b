import { keywordsByRole } from '@drops/syntax';
import { scan, type Piece } from './scan.js';

const keywords = new Set<string>([
  ...keywordsByRole.clause,
  ...keywordsByRole.aggregate,
  ...keywordsByRole.pipe,
  ...keywordsByRole.action,
  ...keywordsByRole.operator,
  ...keywordsByRole.constant,
  ...keywordsByRole.direction,
]);
const statements = new Set<string>(keywordsByRole.statement);

const colors = {
  statement: '1;34',
  keyword: '34',
  string: '32',
  number: '33',
  key: '35',
  parameter: '36',
  comment: '2',
};

function colorOf(piece: Piece, first: boolean, next: Piece | undefined): string | undefined {
  switch (piece.kind) {
    case 'string':
    case 'number':
    case 'key':
    case 'parameter':
    case 'comment':
      return colors[piece.kind];
    case 'word':
      if (next?.text === ':') return undefined;
      if (first) return statements.has(piece.text) || piece.text === 'then' ? colors.statement : undefined;
      return keywords.has(piece.text) ? colors.keyword : undefined;
    default:
      return undefined;
  }
}

/** The text with colours for a terminal; without them it is the same text. */
export function highlight(text: string): string {
  const pieces = scan(text);
  let first = true;
  let painted = '';
  for (const [index, piece] of pieces.entries()) {
    const color = colorOf(piece, first, pieces[index + 1]);
    painted += color === undefined ? piece.text : `\u001b[${color}m${piece.text}\u001b[0m`;
    if (piece.kind !== 'blank') first = piece.text === ';';
  }
  return painted;
}
