import type { Expression, Field } from '@drops/ir';
import { fieldsOf } from './expression-tree.js';
import type { JoinPair, LookupJoin, PhysicalPlan } from './physical-plan.js';
import { expressionsOf, mapInputs } from './plan-tree.js';

/** Members of payloads by name; `all`: whole payloads are shown, or it is not known. */
export type Names = ReadonlySet<string> | 'all';

/** What the nodes above read of the rows of a node. */
export interface Read {
  /** Of its drops. */
  readonly own: Names;
  /** Of the records that are joined to them. */
  readonly joined: Names;
  /** Of drops below projections: a page is cut by what its rows were sorted by. */
  readonly below: readonly Field[];
}

/** Of the rows of a whole plan: they are shown. */
export const everything: Read = { own: 'all', joined: 'all', below: [] };
const nothing: Read = { own: new Set(), joined: new Set(), below: [] };

type Scopes = readonly Field['scope'][];
const ownScopes: Scopes = ['payload', 'either'];
const joinedScopes: Scopes = ['joined', 'either'];

/** The names with those of some fields, where they have one of the scopes (undefined: whatever they have). */
function add(names: Names, fields: readonly Field[], scopes?: Scopes): Names {
  if (names === 'all') return names;
  let more: Set<string> | undefined;
  for (const { scope, path } of fields) {
    if (scopes && !scopes.includes(scope)) continue;
    const [name] = path;
    if (typeof name !== 'string') return 'all';
    if (!names.has(name)) (more ??= new Set(names)).add(name);
  }
  return more ?? names;
}

function withFields({ own, joined, below }: Read, fields: readonly Field[]): Read {
  return { own: add(own, fields, ownScopes), joined: add(joined, fields, joinedScopes), below };
}

function withExpressions(read: Read, expressions: readonly Expression[]): Read {
  if (read.own === 'all' && read.joined === 'all') return read;
  let all = read;
  for (const expression of expressions) all = withFields(all, fieldsOf(expression));
  return all;
}

/** What is read of the right side of a join: the joined record is made of its payload. */
const ofRight = (read: Read, pairs: readonly JoinPair[]): Names =>
  add(
    read.joined,
    pairs.map(({ right }) => right),
  );

/** What is read of the records that a join looks up. */
export const readOfLookUps = (plan: LookupJoin, read: Read): Names => ofRight(read, plan.rest);

/** What a node and those above it read of its input, or of the left one of two. */
function readBelow(plan: PhysicalPlan, read: Read): Read {
  switch (plan.kind) {
    case 'ProjectRows': {
      const star = { ...nothing, own: plan.star ? 'all' : nothing.own, below: read.below } as const;
      return withExpressions(withFields(star, read.below), expressionsOf(plan));
    }
    case 'GroupRows':
      return withExpressions(nothing, expressionsOf(plan));
    case 'PageRows':
    case 'ResumeRows': {
      const fields = expressionsOf(plan).flatMap(fieldsOf);
      return withFields({ ...read, below: [...read.below, ...fields] }, fields);
    }
    case 'FilterRows':
    case 'SortRows':
    case 'TopRows':
    case 'SliceRows':
    case 'LookupJoin':
    case 'HashJoin':
    case 'IndexLookupJoin':
      return withExpressions(read, expressionsOf(plan));
    // Who reads by columns, entries or SQL knows what to read; what stands for it where that fails reads whole drops.
    default:
      return everything;
  }
}

/** A node with its inputs changed, each by what is read of its rows; the same object when nothing changed. */
export function mapInputsByRead(
  plan: PhysicalPlan,
  read: Read,
  map: (input: PhysicalPlan, read: Read) => PhysicalPlan,
): PhysicalPlan {
  const below = readBelow(plan, read);
  if (plan.kind !== 'HashJoin' && plan.kind !== 'IndexLookupJoin')
    return mapInputs(plan, (input) => map(input, below));
  const left = map(plan.left, below);
  const right = map(plan.right, { ...nothing, own: ofRight(read, plan.on) });
  return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
}

/** What a node and those above it read of the drops of its input. */
export const namesBelow = (plan: PhysicalPlan, read: Read): Names => readBelow(plan, read).own;
