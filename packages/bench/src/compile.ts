import { emptyCatalog, lower } from '@drops/analyzer';
import { capabilityOf } from '@drops/capabilities';
import { compile } from '@drops/engine';
import { planQuery } from '@drops/planner';
import { parse, type Statement } from '@drops/syntax';
import { translate } from '@drops/translate';
import type { Plan } from '@drops/ir';
import { bareParse } from './bare-chevrotain.js';
import { operationsPerSecond } from './measure.js';
import { rate, ratio, table } from './table.js';

/** About 135 characters each: a page of rows, and a grouping. */
const statements = [
  'find myapp/orders where status = "paid" and amount > 100 and city != "Oslo" sort amount desc limit 10 then pick name, city, amount, status',
  'find myapp/orders where status = "completed" and amount >= 10 and amount <= 5000 and category != "misc" group category sum amount count',
];

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

/** What the target was set beside: another machine's figures, for the scale alone. */
const scale =
  'scale, on the machine the target was set on: Chevrotain lex + parse alone 84–110k/s, hand-written parsers 390–530k/s';

/** The cost of each stage for one statement, beside bare Chevrotain in the same run. */
function report(text: string): string {
  const statement = statementOf(text);
  const plan = planOf(statement);
  const bare = operationsPerSecond(() => bareParse(text));
  const whole = operationsPerSecond(() => physicalOf(planOf(statementOf(text))));
  const rows: [string, number][] = [
    ['Chevrotain lex + parse alone, no tree', bare],
    ['parse: text → AST', operationsPerSecond(() => statementOf(text))],
    ['lower: AST → IR', operationsPerSecond(() => planOf(statement))],
    ['plan: IR → physical plan', operationsPerSecond(() => physicalOf(plan))],
    ['text → physical plan', whole],
    ['translate: IR → SQL', operationsPerSecond(() => translate(plan, 'sql'))],
    ['compile(text, "sql")', operationsPerSecond(() => compile(text, 'sql'))],
  ];
  const shown = rows.map(([name, value]) => [
    name,
    `${rate(value)}/s`,
    `${(1e6 / value).toFixed(1)} µs`,
    ratio(value / bare),
  ]);
  const verdict = whole / bare >= 0.3 ? 'met' : 'missed';
  return [
    `${text.length} characters: ${text}`,
    table(['stage', 'operations', 'each', 'beside bare'], shown),
    `target: text → physical plan ≥ 0.30 × Chevrotain alone: ${ratio(whole / bare)}, ${verdict}`,
  ].join('\n');
}

process.stdout.write(`${[...statements.map(report), scale].join('\n\n')}\n`);
