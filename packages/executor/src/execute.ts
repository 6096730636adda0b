import { assertNever } from '@drops/diagnostics';
import type {
  Batch,
  DefineIndex,
  DefineSchema,
  DefineView,
  Delete,
  Explain,
  ForEach,
  Increment,
  Inspect,
  InspectTarget,
  Json,
  Plan,
  Put,
  Query,
  RowEffect,
  Undefine,
  Validate,
} from '@drops/ir';
import type { ExecutionContext } from './context.js';
import { defineSchema, defineView, undefine, validate } from './definitions.js';
import { runExplain } from './explain.js';
import { defineIndex, undefineIndex } from './index-definitions.js';
import { inspectContext, inspectPatterns, inspectRoute } from './inspect.js';
import { runQuery } from './run-query.js';
import { runForEach } from './writes/for-each.js';
import { runBatch, runWrite } from './writes/run-write.js';

type StoreTarget =
  Extract<InspectTarget, { readonly what: 'route' }> | { readonly what: 'patterns' | 'context' };

/** The plans that need nothing but the store. All others are capabilities, which the engine finds. */
export type ExecutablePlan =
  | Query
  | Put
  | Delete
  | Increment
  | Batch
  | (ForEach & { readonly effect: Exclude<RowEffect, { readonly kind: 'InvokeEach' }> })
  | DefineView
  | DefineSchema
  | DefineIndex
  | Undefine
  | Validate
  | (Inspect & { readonly target: StoreTarget })
  | (Explain & { readonly mode: 'plan' | 'analyze' });

/** True for plans that `execute` runs. */
export function isExecutable(plan: Plan): plan is ExecutablePlan {
  switch (plan.kind) {
    case 'Query':
    case 'Put':
    case 'Delete':
    case 'Increment':
    case 'Batch':
    case 'DefineView':
    case 'DefineSchema':
    case 'DefineIndex':
    case 'Undefine':
    case 'Validate':
      return true;
    case 'ForEach':
      return plan.effect.kind !== 'InvokeEach';
    case 'Inspect':
      return ['route', 'patterns', 'context'].includes(plan.target.what);
    case 'Explain':
      return plan.mode !== 'access';
    default:
      return false;
  }
}

/** Runs a bound plan and answers its reply, at once where nothing is to be waited for. Throws a DropsError for what the statement gets wrong. */
export function execute(plan: ExecutablePlan, context: ExecutionContext): Json | Promise<Json> {
  switch (plan.kind) {
    case 'Query':
      return runQuery(plan, context);
    case 'Put':
    case 'Delete':
    case 'Increment':
      return runWrite(plan, context);
    case 'Batch':
      return runBatch(plan, context);
    case 'ForEach':
      return runForEach(plan, context);
    case 'DefineView':
      return defineView(plan, context);
    case 'DefineSchema':
      return defineSchema(plan, context);
    case 'DefineIndex':
      return defineIndex(plan, context);
    case 'Undefine':
      return plan.fields ? undefineIndex(plan, plan.fields, context) : undefine(plan, context);
    case 'Validate':
      return validate(plan, context);
    case 'Inspect':
      return inspect(plan.target, context);
    case 'Explain':
      return runExplain(plan, context);
    default:
      return assertNever(plan);
  }
}

function inspect(target: StoreTarget, context: ExecutionContext): Json | Promise<Json> {
  switch (target.what) {
    case 'patterns':
      return inspectPatterns(context);
    case 'context':
      return inspectContext(context);
    case 'route':
      return inspectRoute(target.route, context);
    default:
      return assertNever(target);
  }
}
