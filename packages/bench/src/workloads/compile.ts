import { emptyCatalog, lower } from '@drops/analyzer';
import { capabilityOf } from '@drops/capabilities';
import { compile } from '@drops/engine';
import type { Plan } from '@drops/ir';
import { planQuery } from '@drops/planner';
import { parse, type Statement } from '@drops/syntax';
import { translate } from '@drops/translate';
import { ratePerSecond } from '../measure.js';
import { bareParse } from '../peers/bare-chevrotain.js';
import { target, us, type Contender, type Workload } from '../workload.js';

const catalog = { ...emptyCatalog, capability: capabilityOf };

function statementOf(text: string): Statement {
  const [parsed] = parse(text).statements;
  if (!parsed?.ok) throw new Error(`does not parse: ${text}`);
  return parsed.statement;
}

function planOf(statement: Statement): Plan {
  return lower(statement, catalog).plan;
}

function physicalOf(plan: Plan): unknown {
  if (plan.kind !== 'Query') throw new Error('the benchmark measures queries');
  return planQuery(plan.relation);
}

/** A stage of the compiler, run again and again. */
function stage(name: string, run: () => unknown): Contender {
  return {
    name,
    prepare: async ({ effort }) => ({ round: () => ratePerSecond(run, effort.milliseconds) }),
  };
}

const bare = 'Chevrotain lex + parse alone';

/** One statement through each stage, beside a bare Chevrotain parser for just these statements that builds no tree. */
function stagesOf(name: string, title: string, text: string): Workload {
  const statement = statementOf(text);
  const plan = planOf(statement);
  return {
    name,
    title,
    measured: `${text.length} characters, text → physical plan, nothing cached: ${text}`,
    unit: 'operations',
    contenders: [
      stage(us, () => physicalOf(planOf(statementOf(text)))),
      stage(bare, () => bareParse(text)),
      stage('parse: text → AST', () => statementOf(text)),
      stage('lower: AST → IR', () => planOf(statement)),
      stage('plan: IR → physical plan', () => physicalOf(plan)),
      stage('translate: IR → SQL', () => translate(plan, 'sql')),
      stage('compile(text, "sql")', () => compile(text, 'sql')),
    ],
    targets: [target(bare, 0.3)],
  };
}

export const compileFind = stagesOf(
  'compile-find',
  'compile a find, cold',
  'find myapp/orders where status = "paid" and amount > 100 and city != "Oslo" sort amount desc limit 10 then pick name, city, amount, status',
);
export const compileGroup = stagesOf(
  'compile-group',
  'compile a group, cold',
  'find myapp/orders where status = "completed" and amount >= 10 and amount <= 5000 and category != "misc" group category sum amount count',
);
