import { fail } from '@drops/diagnostics';
import {
  checkFacetOperator,
  readFacet,
  type Expression,
  type FacetName,
  type FacetScan,
  type Plan,
} from '@drops/ir';
import type { Facet, Primitives } from '@drops/syntax';
import type { LowerContext } from '../context.js';
import { lowerValue } from '../values.js';
import { finishQuery } from './queries.js';

/** `primitives dates { $gte: "2026-03-01" }`: over all routes that may be read, facets intersected. */
export function lowerPrimitives(node: Primitives, context: LowerContext): Plan {
  const { clauses } = node;
  const [first] = node.facets;
  if (first === undefined) {
    fail('SYNTAX_ERROR', 'primitives needs a facet: dates, locations, identifiers or amounts', {
      span: node.span,
    });
  }
  if (clauses.history || clauses.asOf || clauses.view) {
    fail('TYPE_ERROR', 'primitives read the current state of all routes', {
      span: clauses.asOf?.span ?? clauses.view?.span ?? node.span,
    });
  }
  const source: FacetScan = { kind: 'FacetScan', facets: node.facets.map(lowerFacet), span: node.span };
  return finishQuery(source, clauses, node.pipes, 'rows', node.span, context);
}

function lowerFacet({ name, condition }: Facet): FacetScan['facets'][number] {
  // Each operator alone is a facet too: what is wrong with one points at it.
  if (condition.kind === 'ObjectValue') {
    for (const member of condition.members) checkOperator(name, member.name, lowerValue(member.value));
  }
  const predicate = lowerValue(condition);
  if (predicate.kind === 'Lit') readFacet(name, predicate.value, condition.span);
  return { name, predicate };
}

/** Values that are parameters are checked when they are known. */
function checkOperator(facet: FacetName, name: string, value: Expression): void {
  checkFacetOperator(facet, name, value.span);
  if (value.kind === 'Lit') readFacet(facet, { [name]: value.value }, value.span);
}
