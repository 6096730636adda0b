import { fail, type Span } from '@drops/diagnostics';
import { rowShape } from '@drops/ir';
import type { Node, ResTarget, SelectStmt } from '@pgsql/types';
import { constantOf, nameOf } from './operands.js';
import { partsOf, type SqlScope } from './scope.js';

/** One column of the answer. */
export interface Item {
  readonly name: string;
  readonly node: Node;
  readonly span: Span;
}

export interface SelectList {
  readonly star: boolean;
  readonly items: readonly Item[];
}

/** The name that PostgreSQL gives a column without one. */
export function defaultName(node: Node): string {
  if ('ColumnRef' in node) return partsOf(node.ColumnRef).at(-1) ?? '?column?';
  if ('FuncCall' in node) return nameOf(node.FuncCall.funcname);
  if ('CoalesceExpr' in node) return 'coalesce';
  if ('SQLValueFunction' in node) return 'current_timestamp';
  if ('TypeCast' in node && node.TypeCast.arg) {
    const inner = defaultName(node.TypeCast.arg);
    return inner === '?column?' ? nameOf(node.TypeCast.typeName?.names) : inner;
  }
  return '?column?';
}

function isStar(target: ResTarget): boolean {
  return (
    target.val !== undefined && 'ColumnRef' in target.val && partsOf(target.val.ColumnRef).at(-1) === '*'
  );
}

function readStar(target: ResTarget, scope: SqlScope): void {
  const { val } = target;
  if (!val || !('ColumnRef' in val)) return;
  const [first, second] = partsOf(val.ColumnRef);
  const [own] = scope.tables;
  const ofLeft = second === '*' && first === own?.alias && own?.reach === 'own';
  if (rowShape(scope.relation) !== 'joined' ? second === undefined || ofLeft : ofLeft) return;
  fail('SQL_ERROR', 'of joined tables only the first one has a star', {
    span: scope.places.of(val),
    hint: `name the columns, or write ${own?.alias ?? 'a'}.*`,
  });
}

export function readList(select: SelectStmt, scope: SqlScope): SelectList {
  const items: Item[] = [];
  let star = false;
  for (const node of select.targetList ?? []) {
    if (!('ResTarget' in node) || !node.ResTarget.val) continue;
    const { ResTarget: target } = node;
    if (isStar(target)) {
      readStar(target, scope);
      if (items.length > 0) {
        fail('SQL_ERROR', 'a star stands first', { span: scope.places.of(node), hint: 'write SELECT *, …' });
      }
      star = true;
    } else if (target.val) {
      items.push({
        name: target.name ?? defaultName(target.val),
        node: target.val,
        span: scope.places.of(node),
      });
    }
  }
  if (!star && items.length === 0) fail('SQL_ERROR', 'SELECT names no column', { span: scope.places.whole });
  for (const [i, item] of items.entries()) {
    if (items.findIndex(({ name }) => name === item.name) < i) {
      fail('SQL_ERROR', `two columns are called ${item.name}`, { span: item.span, hint: 'write AS other' });
    }
  }
  return { star, items };
}

/** The column at a place that ORDER BY or GROUP BY names by its number. */
export function ordinal(node: Node, list: SelectList, scope: SqlScope): Item {
  const place = 'A_Const' in node ? constantOf(node.A_Const) : undefined;
  const item = typeof place === 'number' && !list.star ? list.items[place - 1] : undefined;
  if (item) return item;
  fail('SQL_ERROR', 'no column of SELECT stands at this place', { span: scope.places.of(node) });
}
