import type { InQuery, Json, Relation } from '@drops/ir';
import {
  bindPlan,
  expressionsOf,
  inputsOf,
  shapeOf,
  subqueriesOf,
  takesValues,
  type PhysicalPlan,
} from '@drops/planner';
import { unlimited } from './budget.js';
import type { ExecutionContext } from './context.js';
import { valueSet, type ValueSet } from './expressions/value-set.js';
import { openPlan } from './open-plan.js';
import { drain, type Source } from './operators/source.js';
import type { Meter } from './operators/metered.js';
import type { PageState } from './operators/page.js';
import type { OpenPlan } from './plan-paged.js';
import { planRelation } from './plan-relation.js';
import type { Batch, Row } from './row.js';
import { createRun, type Run } from './run.js';
import type { SearchReport } from './search/find-hits.js';

type Answers = ReadonlyMap<Relation, ValueSet>;
export type Meters = Map<PhysicalPlan, Meter>;

/** A place in a set of values. */
const bytesOfMember = 48;

const noAnswers: Answers = new Map();

/** What must be known of a plan before it runs; the same plan is run again and again. */
interface Needs {
  /** The queries of `in (find …)`. */
  readonly queries: readonly InQuery[];
  readonly takesValues: boolean;
}
const needs = new WeakMap<PhysicalPlan, Needs>();

function queriesOf(plan: PhysicalPlan): readonly InQuery[] {
  return [...expressionsOf(plan).flatMap(subqueriesOf), ...inputsOf(plan).flatMap(queriesOf)];
}

function needsOf(plan: PhysicalPlan): Needs {
  const known = needs.get(plan);
  if (known) return known;
  const found = { queries: queriesOf(plan), takesValues: takesValues(plan) };
  needs.set(plan, found);
  return found;
}

/** The first column of the rows of a plan. */
function firstColumn(plan: PhysicalPlan): (row: Row) => Json {
  const shape = shapeOf(plan);
  const known = shape.kind === 'flat' && !shape.open ? shape.columns[0] : undefined;
  return ({ columns }) => {
    const name = known ?? Object.keys(columns ?? {})[0];
    return name === undefined ? null : (columns?.[name] ?? null);
  };
}

/** Runs the queries of `in (find …)`, each once, before the plan that reads their answers. */
async function answerQueries(queries: readonly InQuery[], context: ExecutionContext): Promise<Answers> {
  const answers = new Map<Relation, ValueSet>();
  for (const { query } of queries) {
    if (answers.has(query)) continue;
    const plan = planRelation(query, context);
    const valueOf = firstColumn(plan);
    const values: Json[] = [];
    const held = (context.budget ?? unlimited).holder('the answer of a query in the query');
    await drainPlan({ plan }, context, undefined, (batch) => {
      for (const row of batch) {
        const value = valueOf(row);
        held.addValue(value);
        held.add(bytesOfMember);
        values.push(value);
      }
    });
    answers.set(query, valueSet(values));
  }
  return answers;
}

export interface StartedPlan {
  readonly source: Source;
  readonly run: Run;
}

/** Opens a plan, its sub-queries answered. */
export function startPlan(
  { plan, values }: OpenPlan,
  context: ExecutionContext,
  meters?: Meters,
): StartedPlan | Promise<StartedPlan> {
  const { queries, takesValues } = needsOf(plan);
  if (values && !takesValues) return startPlan({ plan: bindPlan(plan, values) }, context, meters);
  const open = (answers: Answers): StartedPlan => {
    const run = createRun(context, answers, values, meters);
    return { source: openPlan(plan, run), run };
  };
  return queries.length === 0 ? open(noAnswers) : answerQueries(queries, context).then(open);
}

export interface CollectedRows {
  readonly rows: readonly Row[];
  readonly page: PageState;
  /** What the search in it searched, if there is one. */
  readonly search: SearchReport | undefined;
}

/** Gives every batch of a started plan to `take`. */
function drainStarted({ source, run }: StartedPlan, take: (batch: Batch) => void): Run | Promise<Run> {
  let later = false;
  try {
    const done = drain(source, run.pacer, take);
    if (!(done instanceof Promise)) return run;
    later = true;
    return done.then(() => run).finally(() => source.close());
  } finally {
    if (!later) source.close();
  }
}

/** Gives every batch of a plan to `take`; at once where nothing is to be waited for. */
function drainPlan(
  plan: OpenPlan,
  context: ExecutionContext,
  meters: Meters | undefined,
  take: (batch: Batch) => void,
): Run | Promise<Run> {
  const started = startPlan(plan, context, meters);
  return started instanceof Promise
    ? started.then((plan) => drainStarted(plan, take))
    : drainStarted(started, take);
}

/** All rows of a plan, and what its page tells; at once where nothing is to be waited for. */
export function collectPlan(
  plan: OpenPlan,
  context: ExecutionContext,
  meters?: Meters,
): CollectedRows | Promise<CollectedRows> {
  let rows: Row[] = [];
  const held = (context.budget ?? unlimited).holder('the result');
  const collected = ({ page, search }: Run): CollectedRows => ({ rows, page, search: search.report });
  const ended = drainPlan(plan, context, meters, (batch) => {
    held.addRows(batch);
    if (rows.length === 0) rows = [...batch];
    else for (const row of batch) rows.push(row);
  });
  return ended instanceof Promise ? ended.then(collected) : collected(ended);
}

/** All rows of a relation, without any cap. */
export async function collectRelation(
  relation: Relation,
  context: ExecutionContext,
): Promise<readonly Row[]> {
  return (await collectPlan({ plan: planRelation(relation, context) }, context)).rows;
}
