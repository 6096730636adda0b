import { assertNever } from '@drops/diagnostics';
import type { Expression, Field, NumberArgument, Relation, TextArgument } from '../nodes/relational.js';
import { pathText } from '../values/path.js';

/** Binding strength, as in the grammar: a term is put in parentheses when it binds weaker than its place. */
const strength = { or: 1, and: 2, not: 3, predicate: 4, sum: 5, product: 6, atom: 7 } as const;

function strengthOf(e: Expression): number {
  switch (e.kind) {
    case 'Or':
      return strength.or;
    case 'And':
      return strength.and;
    case 'Not':
      return strength.not;
    case 'Cmp':
    case 'In':
    case 'InQuery':
    case 'Like':
    case 'Exists':
      return strength.predicate;
    case 'Arith':
      return e.op === '+' || e.op === '-' ? strength.sum : strength.product;
    case 'Field':
    case 'Lit':
    case 'Param':
    case 'List':
    case 'Object':
    case 'Fn':
      return strength.atom;
    default:
      return assertNever(e);
  }
}

const systemNames: ReadonlySet<string> = new Set(['key', 'created_at', 'drop_id', 'route', 'source']);

function fieldText(field: Field): string {
  const text = pathText(field.path);
  if (field.scope === 'joined') return `_joined.${text}`;
  return field.scope === 'payload' && systemNames.has(text) ? `.${text}` : text;
}

/** A number or text argument: `10`, `"x"` or `$name`. */
export function argumentText(value: NumberArgument | TextArgument): string {
  return typeof value === 'object' ? `$${value.name}` : JSON.stringify(value);
}

/** An expression on one line, close to how it is written. Sub-queries show their outermost node only. */
export function expressionText(e: Expression): string {
  return text(e);
}

function within(e: Expression, least: number): string {
  return strengthOf(e) < least ? `(${text(e)})` : text(e);
}

function text(e: Expression): string {
  switch (e.kind) {
    case 'Field':
      return fieldText(e);
    case 'Lit':
      return JSON.stringify(e.value);
    case 'Param':
      return `$${e.name}`;
    case 'List':
      return `[${e.items.map(text).join(',')}]`;
    case 'Object':
      return `{${e.members.map((m) => `${JSON.stringify(m.name)}:${text(m.value)}`).join(',')}}`;
    case 'Cmp':
      return `${within(e.left, strength.sum)} ${e.op} ${within(e.right, strength.sum)}`;
    case 'In':
      return `${within(e.operand, strength.sum)} ${e.negated ? 'not in' : 'in'} ${text(e.list)}`;
    case 'InQuery':
      return `${within(e.operand, strength.sum)} ${e.negated ? 'not in' : 'in'} (${sourceOf(e.query)})`;
    case 'Like':
      return `${within(e.left, strength.sum)} ${likeWords[e.match]} ${within(e.right, strength.sum)}`;
    case 'Exists':
      return `${within(e.operand, strength.sum)} ${e.negated ? 'not exists' : 'exists'}`;
    case 'And':
      return e.terms.map((t) => within(t, strength.not)).join(' and ');
    case 'Or':
      return e.terms.map((t) => within(t, strength.and)).join(' or ');
    case 'Not':
      return `not ${within(e.term, strength.atom)}`;
    case 'Arith': {
      const own = strengthOf(e);
      return `${within(e.left, own)} ${e.op} ${within(e.right, own + 1)}`;
    }
    case 'Fn':
      return `${e.name}(${e.args.map(text).join(', ')})`;
    default:
      return assertNever(e);
  }
}

const likeWords = { contains: 'contains', prefix: 'starts with', suffix: 'ends with' } as const;

/** The leftmost source of a query, for one-line texts. */
function sourceOf(relation: Relation): string {
  switch (relation.kind) {
    case 'Scan':
    case 'Search':
      return `find ${relation.route} …`;
    case 'FacetScan':
      return 'primitives …';
    case 'Join':
      return sourceOf(relation.left);
    default:
      return sourceOf(relation.input);
  }
}
