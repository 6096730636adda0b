import { columnsOf, expressionText, pathText, type Project, type Relation } from '@drops/ir';
import type { PickItem, PickPipe } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { checkNames } from './aggregates.js';
import { lowerOperand } from './operands.js';
import { scopeOf, type RowScope } from './row-scope.js';

type Item = Project['items'][number];

function lowerItem(item: PickItem, value: Exclude<PickItem['value'], '*'>, scope: RowScope): Item {
  const expression = lowerOperand(value, scope);
  const name = value.kind === 'FieldName' ? pathText(value.path) : expressionText(expression);
  return { expression, as: item.alias ?? name };
}

/** `pick *, name, gross: price * 1.25`: an expression without a name is called by its text. */
export function lowerPick(input: Relation, pipe: PickPipe, context: LowerContext): Relation {
  const scope = scopeOf(input, context.catalog);
  const star = pipe.items.some((i) => i.value === '*');
  const inStar = (star && columnsOf(input)?.names) || [];
  const picked = pipe.items.flatMap((node) =>
    node.value === '*' ? [] : [{ node, item: lowerItem(node, node.value, scope) }],
  );
  checkNames(
    picked.map(({ node, item }) => ({ as: item.as, span: node.span, what: expressionText(item.expression) })),
  );
  // What `*` gives already is not given twice.
  const items = picked
    .map((p) => p.item)
    .filter(
      (i) => !(inStar.includes(i.as) && i.expression.kind === 'Field' && i.expression.path[0] === i.as),
    );
  return { kind: 'Project', input, star, items, span: pipe.span };
}
