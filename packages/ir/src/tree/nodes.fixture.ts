import type { Span } from '@drops/diagnostics';
import type {
  Cmp,
  Expression,
  Field,
  FieldScope,
  Filter,
  Lit,
  Param,
  Relation,
  Scan,
} from '../nodes/relational.js';
import type { Json } from '../values/json.js';

export const at: Span = { start: 3, end: 7 };

export function field(name: string, scope: FieldScope = 'payload'): Field {
  return { kind: 'Field', scope, path: [name], type: 'unknown', span: at };
}
export function lit(value: Json): Lit {
  return { kind: 'Lit', value, span: at };
}
export function param(name: string): Param {
  return { kind: 'Param', name, span: at };
}
export function cmp(op: Cmp['op'], left: Expression, right: Expression): Cmp {
  return { kind: 'Cmp', op, left, right, span: at };
}
export function scan(route: string): Scan {
  return { kind: 'Scan', route, subtree: false, versions: 'current', rows: 'all', span: at };
}
export function filter(input: Relation, predicate: Expression): Filter {
  return { kind: 'Filter', input, predicate, span: at };
}
