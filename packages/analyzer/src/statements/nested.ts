import { didYouMean, fail } from '@drops/diagnostics';
import { translationTargets, type Explain, type Plan, type Translate } from '@drops/ir';
import type { Explain as ExplainNode, Statement, Translate as TranslateNode } from '@drops/syntax';
import type { LowerContext } from '../context.js';

/** Lowers the statement inside: handed in, since statements hold statements. */
export type LowerStatement = (statement: Statement, context: LowerContext) => Plan;

/** `translate "find users" to sql`. */
export function lowerTranslate(node: TranslateNode, context: LowerContext, lower: LowerStatement): Translate {
  const name = node.target.text;
  const target = translationTargets.find((t) => t === name);
  if (target === undefined) {
    fail('SYNTAX_ERROR', `there is no target '${name}'; there are ${translationTargets.join(', ')}`, {
      span: node.target.span,
      hint: didYouMean(name, translationTargets),
    });
  }
  return { kind: 'Translate', plan: lower(node.statement, context), target, span: node.span };
}

/** What `explain analyze` may run: it changes nothing. */
const readOnly: ReadonlySet<Plan['kind']> = new Set<Plan['kind']>([
  'Query',
  'Export',
  'Validate',
  'Inspect',
  'Translate',
  'Explain',
]);

/** `explain …` takes any statement; `explain analyze` runs it, so a write is a TYPE_ERROR. */
export function lowerExplain(node: ExplainNode, context: LowerContext, lower: LowerStatement): Explain {
  const plan = lower(node.statement, context);
  if (node.mode === 'analyze' && !readOnly.has(plan.kind)) {
    fail('TYPE_ERROR', 'explain analyze runs the statement, and this one changes something', {
      span: node.statement.span,
      hint: 'explain without analyze shows the plan and runs nothing',
    });
  }
  return { kind: 'Explain', mode: node.mode, plan, span: node.span };
}
