import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyCatalog, lower } from '@drops/analyzer';
import { capabilityOf } from '@drops/capabilities';
import { compile, createPreparer } from '@drops/engine';
import { planPaged } from '@drops/executor';
import type { Json, Plan } from '@drops/ir';
import { planQuery } from '@drops/planner';
import { openLmdbStore } from '@drops/store';
import { parse, type Statement } from '@drops/syntax';
import { translate } from '@drops/translate';
import { lengthOf, ratePerSecond } from '../measure.js';
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
    prepare: async ({ effort }) => ({ round: (round) => ratePerSecond(run, lengthOf(effort, round)) }),
  };
}

const noParameters: ReadonlyMap<string, Json> = new Map();

/**
 * Text → physical plan as a server does it, which remembers texts and shapes: over a store of its own. The plan comes with the values
 * beside it, as it is run; they are put into it only to be shown.
 */
function seen(name: string, nextText: () => string): Contender {
  return {
    name,
    async prepare({ effort }) {
      const folder = mkdtempSync(join(tmpdir(), 'drops-compile-'));
      const store = openLmdbStore({ path: folder });
      const prepare = createPreparer(2000);
      const run = (): unknown => {
        const snapshot = store.snapshot();
        const [statement] = prepare(nextText());
        const ready = statement?.ready(snapshot.definitions, noParameters);
        if (ready?.plan.kind !== 'Query') throw new Error('the benchmark measures queries');
        const context = { store, snapshot, writer: null, template: ready.template };
        const { open } = planPaged(ready.plan, 10_000, context);
        snapshot.release();
        return open;
      };
      return {
        round: async (round) => ratePerSecond(run, lengthOf(effort, round)),
        async stop() {
          await store.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
  };
}

/** The text with a number that it never had before. */
function otherLiterals(text: string): () => string {
  let number = 0;
  return () => {
    number += 1;
    return text.replace(/(>=? )\d+/, `$1${number}`);
  };
}

const bare = 'Chevrotain lex + parse alone';
const sameText = 'shape seen: same text';
const otherText = 'shape seen: other literals';

/** One statement through each stage, beside a bare Chevrotain parser for just these statements that builds no tree. */
function stagesOf(name: string, title: string, text: string): Workload {
  const statement = statementOf(text);
  const plan = planOf(statement);
  return {
    name,
    title,
    measured: `${text.length} characters, text → physical plan, nothing cached unless the shape was seen: ${text}`,
    unit: 'operations',
    contenders: [
      stage(us, () => physicalOf(planOf(statementOf(text)))),
      stage(bare, () => bareParse(text)),
      stage('parse: text → AST', () => statementOf(text)),
      stage('lower: AST → IR', () => planOf(statement)),
      stage('plan: IR → physical plan', () => physicalOf(plan)),
      seen(sameText, () => text),
      seen(otherText, otherLiterals(text)),
      stage('translate: IR → SQL', () => translate(plan, 'sql')),
      stage('compile(text, "sql")', () => compile(text, 'sql')),
    ],
    // 1M/s and 150k/s on the machine the targets were set on.
    targets: [target(bare, 0.3), target(bare, 10, sameText), target(bare, 1.6, otherText)],
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
