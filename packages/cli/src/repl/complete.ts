import { keywordsByRole } from '@drops/syntax';
import type { Words } from '../session/session.js';
import { scan } from './scan.js';

const routeFollows = new Set([
  'find',
  'query',
  'list',
  'count',
  'get',
  'read',
  'save',
  'write',
  'update',
  'patch',
  'remove',
  'delete',
  'add',
  'subtract',
  'search',
  'primitives',
  'join',
  'status',
  'define',
  'export',
  'share',
  'unshare',
  'when',
  'run',
  'validate',
]);
const clauses = [
  ...keywordsByRole.clause,
  ...keywordsByRole.pipe,
  ...keywordsByRole.aggregate,
  ...keywordsByRole.action,
  ...keywordsByRole.operator,
  ...keywordsByRole.constant,
  ...keywordsByRole.direction,
  ...keywordsByRole.writeOption,
];
const dotCommands = ['.help', '.plan', '.sql', '.mysql', '.timing', '.json', '.exit'];

/** The words typed since the last `;`, and the one that stands before the cursor, finished or not. */
function context(text: string): { before: readonly string[]; prefix: string; quoted: boolean } {
  const pieces = scan(text).filter(({ kind }) => kind !== 'comment');
  const last = pieces.at(-1);
  const quoted = last?.kind === 'string' && !/^(["']).*\1$/s.test(last.text);
  const prefix = last?.kind === 'word' ? last.text : '';
  const done = prefix === '' ? pieces : pieces.slice(0, -1);
  const from = done.findLastIndex(({ text: piece }) => piece === ';') + 1;
  return {
    before: done
      .slice(from)
      .filter(({ kind }) => kind !== 'blank')
      .map(({ text: piece }) => piece),
    prefix,
    quoted,
  };
}

/** Words that may stand next, nearest first. */
async function candidates(before: readonly string[], words: Words): Promise<readonly string[]> {
  const places = [...words.routes, ...words.views];
  const last = before.at(-1);
  if (last === undefined || last === 'explain' || last === 'analyze')
    return [...keywordsByRole.statement, ...places];
  if (last === 'then' || last === '|') return keywordsByRole.action;
  if (routeFollows.has(last) && before.length <= 2) return places;
  if (last === 'join') return places;
  const known = new Set(words.routes);
  const fields = await Promise.all(before.filter((word) => known.has(word)).map(words.fields));
  return [...fields.flat(), ...clauses, ...places];
}

/** What Tab offers for a text up to the cursor: the words, and the part of one that is there already. */
export async function complete(text: string, words: Words): Promise<readonly [readonly string[], string]> {
  if (/^\s*\.\w*$/.test(text)) {
    const typed = text.trim();
    return [dotCommands.filter((name) => name.startsWith(typed)), typed];
  }
  const { before, prefix, quoted } = context(text);
  if (quoted) return [[], ''];
  const found = new Set(
    (await candidates(before, words)).filter((word) => word.startsWith(prefix) && word !== prefix),
  );
  return [[...found], prefix];
}
