import type { PhysicalPlan } from './physical-plan.js';

export interface RuleContext {
  /** How many rows a plan gives, roughly. */
  readonly rows: (plan: PhysicalPlan) => number;
}

/** One way to make a plan cheaper. It looks at one node and returns another for it, or the node itself. */
export interface Rule {
  readonly name: string;
  readonly order: 'top-down' | 'bottom-up';
  /** The nodes it may change: the driver shows it no others, and skips it where a plan has none. Missing: any. */
  readonly on?: readonly PhysicalPlan['kind'][];
  readonly rewrite: (plan: PhysicalPlan, context: RuleContext) => PhysicalPlan;
}
