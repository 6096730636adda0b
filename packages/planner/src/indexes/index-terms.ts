import {
  conjuncts,
  isArray,
  typeRank,
  type AccessPath,
  type ComparisonOperator,
  type Expression,
  type Field,
  type IndexBound,
  type IndexCondition,
  type IndexPath,
  type IndexSlots,
  type Json,
  type Lit,
  type Path,
} from '@drops/ir';

/** A term of a conjunction that an index over its field can answer. */
export type IndexTerm = {
  readonly term: Expression;
  readonly path: Path;
  /** The parameter that its value is of. */
  readonly slot?: string | undefined;
} & (
  | { readonly kind: 'equal'; readonly value: Json }
  | { readonly kind: 'bound'; readonly side: 'lower' | 'upper'; readonly bound: IndexBound }
  | { readonly kind: 'next'; readonly condition: IndexCondition }
);

/** The path of a field of the stored drop's payload. */
export function payloadPath(expression: Expression): Path | undefined {
  return expression.kind === 'Field' && expression.scope === 'payload' ? expression.path : undefined;
}

/** True when two fields are the same. */
export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((segment, i) => segment === b[i]);
}

const mirrored: { readonly [O in ComparisonOperator]: ComparisonOperator } = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const loneSurrogate = /\p{Surrogate}/u;

/** Values whose bytes tell their order: no stored text holds half of a surrogate pair. */
function isComparable(value: Json): boolean {
  return value !== null && !(typeof value === 'string' && loneSurrogate.test(value));
}

function comparisonTerm(
  term: Expression,
  field: Field,
  op: ComparisonOperator,
  { value, slot }: Lit,
): IndexTerm | undefined {
  const path = payloadPath(field);
  if (!path || !isComparable(value) || op === '!=') return undefined;
  if (op === '=') return { kind: 'equal', term, path, slot, value };
  const bound = { value, inclusive: op === '<=' || op === '>=' };
  return { kind: 'bound', term, path, slot, side: op === '<' || op === '<=' ? 'upper' : 'lower', bound };
}

/** What an index could do with a term. */
export function indexTerm(term: Expression): IndexTerm | undefined {
  switch (term.kind) {
    case 'Cmp': {
      const { left, right, op } = term;
      if (left.kind === 'Field' && right.kind === 'Lit') return comparisonTerm(term, left, op, right);
      if (left.kind !== 'Lit' || right.kind !== 'Field') return undefined;
      return comparisonTerm(term, right, mirrored[op], left);
    }
    case 'Exists': {
      const path = payloadPath(term.operand);
      return path && term.negated ? { kind: 'equal', term, path, value: null } : undefined;
    }
    case 'Like': {
      const path = payloadPath(term.left);
      const { value: text, slot } = term.right.kind === 'Lit' ? term.right : { value: undefined };
      if (!path || term.match !== 'prefix' || typeof text !== 'string' || !isComparable(text))
        return undefined;
      return { kind: 'next', term, path, slot, condition: { kind: 'prefix', text } };
    }
    case 'In': {
      const path = payloadPath(term.operand);
      const values = term.list.kind === 'Lit' ? term.list.value : undefined;
      if (!path || term.negated || !isArray(values)) return undefined;
      return { kind: 'next', term, path, condition: { kind: 'in', values } };
    }
    default:
      return undefined;
  }
}

/** The terms of a predicate that an index could answer. */
export function indexTerms(predicate: Expression): readonly IndexTerm[] {
  return conjuncts(predicate).flatMap((term) => indexTerm(term) ?? []);
}

function boundOn(terms: readonly IndexTerm[], path: Path, side: 'lower' | 'upper') {
  const found = terms.find((t) => t.kind === 'bound' && t.side === side && samePath(t.path, path));
  return found?.kind === 'bound' ? found : undefined;
}

/** What the terms say of a field that is not equal to one value, and which of them say it. */
function conditionOn(terms: readonly IndexTerm[], path: Path) {
  const next = terms.find((t) => t.kind === 'next' && samePath(t.path, path));
  if (next?.kind === 'next') {
    const slots = { prefix: next.slot };
    return { condition: next.condition, slots, used: [next.term] };
  }
  const lower = boundOn(terms, path, 'lower');
  const upper = boundOn(terms, path, 'upper');
  if (!lower && !upper) return undefined;
  // Ends of different types hold nothing between them; the predicate says so too.
  const apart = lower && upper && typeRank(lower.bound.value) !== typeRank(upper.bound.value);
  const condition: IndexCondition = {
    kind: 'range',
    ...(lower && { lower: lower.bound }),
    ...(upper && !apart && { upper: upper.bound }),
  };
  const slots = { lower: lower?.slot, upper: apart ? undefined : upper?.slot };
  return { condition, slots, used: [lower, apart ? undefined : upper].flatMap((t) => (t ? [t.term] : [])) };
}

function slotsOf(slots: IndexSlots): IndexSlots | undefined {
  const { equal, lower, upper, prefix } = slots;
  return [...equal, lower, upper, prefix].every((slot) => slot === undefined) ? undefined : slots;
}

/** How much of an index a predicate uses: values of its first fields, then a condition on the next. */
export interface IndexMatch {
  readonly equal: readonly Json[];
  readonly next?: IndexCondition;
  /** The parameters that the values come from, if any does. */
  readonly slots?: IndexSlots;
  /** The terms that the index answers. */
  readonly used: readonly Expression[];
}

/** What the terms ask of an index over some fields. */
export function matchIndex(fields: readonly Path[], terms: readonly IndexTerm[]): IndexMatch {
  const equal: Json[] = [];
  const equalSlots: (string | undefined)[] = [];
  const used: Expression[] = [];
  for (const path of fields) {
    const term = terms.find((t) => t.kind === 'equal' && samePath(t.path, path));
    if (term?.kind !== 'equal') break;
    equal.push(term.value);
    equalSlots.push(term.slot);
    used.push(term.term);
  }
  const field = fields[equal.length];
  const next = field && conditionOn(terms, field);
  const slots = slotsOf({ equal: equalSlots, ...next?.slots });
  return {
    equal,
    ...(next && { next: next.condition }),
    ...(slots && { slots }),
    used: next ? [...used, ...next.used] : used,
  };
}

/** True for paths that read drops through indexes. */
export function isIndexPath(path: AccessPath): path is IndexPath {
  return path.kind === 'IndexScan' || path.kind === 'IndexIntersection' || path.kind === 'IndexUnion';
}

/** The terms of a conjunction that a path answers. */
export function answeredTerms(path: IndexPath, predicate: Expression): readonly Expression[] {
  switch (path.kind) {
    case 'IndexScan':
      return matchIndex(path.fields, indexTerms(predicate)).used;
    case 'IndexIntersection':
      return path.scans.flatMap((scan) => answeredTerms(scan, predicate));
    case 'IndexUnion':
      return conjuncts(predicate).filter(
        (term) =>
          term.kind === 'Or' &&
          term.terms.every((branch) => path.scans.some((scan) => answeredTerms(scan, branch).length > 0)),
      );
  }
}
