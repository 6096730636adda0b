import { assertNever } from '@drops/diagnostics';
import type { Expression, Field } from '@drops/ir';
import { fieldsOf } from './expression-tree.js';
import type { JoinPair, PhysicalPlan } from './physical-plan.js';
import { expressionsOf, mapInputs } from './plan-tree.js';

/** Members of payloads by name; `all`: whole payloads are shown, or it is not known. */
type Names = ReadonlySet<string> | 'all';

/** What the nodes above read of the rows of a node. */
interface Read {
  /** Of its drops. */
  readonly own: Names;
  /** Of the records that are joined to them. */
  readonly joined: Names;
  /** Of drops below projections: a page is cut by what its rows were sorted by. */
  readonly below: readonly Field[];
}

const everything: Read = { own: 'all', joined: 'all', below: [] };
const nothing: Read = { own: new Set(), joined: new Set(), below: [] };

function add(names: Names, fields: readonly Field[]): Names {
  if (names === 'all' || fields.length === 0) return names;
  const more = new Set(names);
  for (const { path } of fields) {
    const [name] = path;
    if (typeof name !== 'string') return 'all';
    more.add(name);
  }
  return more;
}

function withFields(read: Read, fields: readonly Field[]): Read {
  const own = fields.filter(({ scope }) => scope === 'payload' || scope === 'either');
  const joined = fields.filter(({ scope }) => scope === 'joined' || scope === 'either');
  return { ...read, own: add(read.own, own), joined: add(read.joined, joined) };
}

const withExpressions = (read: Read, expressions: readonly Expression[]): Read =>
  withFields(read, expressions.flatMap(fieldsOf));

/** What is read of the right side of a join: the joined record is made of its payload. */
const ofRight = (read: Read, pairs: readonly JoinPair[]): Names =>
  add(
    read.joined,
    pairs.map(({ right }) => right),
  );

const listOf = (names: Names): readonly string[] | undefined => (names === 'all' ? undefined : [...names]);

function visit(plan: PhysicalPlan, read: Read): PhysicalPlan {
  switch (plan.kind) {
    case 'Access': {
      const fields = listOf(read.own);
      return fields ? { ...plan, fields } : plan;
    }
    case 'ProjectRows': {
      const star = { ...nothing, own: plan.star ? 'all' : nothing.own, below: read.below } as const;
      const all = withExpressions(withFields(star, read.below), expressionsOf(plan));
      return mapInputs(plan, (input) => visit(input, all));
    }
    case 'GroupRows': {
      const own = withExpressions(nothing, expressionsOf(plan));
      return mapInputs(plan, (input) => visit(input, own));
    }
    case 'PageRows':
    case 'ResumeRows': {
      const fields = expressionsOf(plan).flatMap(fieldsOf);
      const all = withFields({ ...read, below: [...read.below, ...fields] }, fields);
      return mapInputs(plan, (input) => visit(input, all));
    }
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows': {
      const all = withExpressions(read, expressionsOf(plan));
      return mapInputs(plan, (input) => visit(input, all));
    }
    case 'LookupJoin': {
      const left = visit(plan.left, withExpressions(read, expressionsOf(plan)));
      const fields = listOf(ofRight(read, plan.rest));
      return { ...plan, left, ...(fields && { fields }) };
    }
    case 'HashJoin':
    case 'IndexLookupJoin': {
      const left = visit(plan.left, withExpressions(read, expressionsOf(plan)));
      const right = visit(plan.right, { ...nothing, own: ofRight(read, plan.on) });
      return { ...plan, left, right };
    }
    // Who reads by columns, entries or SQL knows what to read; what stands for it where that fails reads whole drops.
    case 'CountRows':
    case 'ColumnScan':
    case 'ColumnTop':
    case 'ColumnGroup':
    case 'RemoteRows':
    case 'SearchRows':
    case 'FacetRows':
    case 'Empty':
      return plan;
    default:
      return assertNever(plan);
  }
}

/** Late decoding: tells each leaf which members of payloads are read by what is above it, where that is not all of them. */
export const chooseFields = (plan: PhysicalPlan): PhysicalPlan => visit(plan, everything);
