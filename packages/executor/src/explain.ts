import { fail } from '@drops/diagnostics';
import {
  expressionText,
  pathText,
  planText,
  type Explain,
  type Json,
  type Plan,
  type Query,
  type Relation,
} from '@drops/ir';
import {
  explainJson,
  explainPlan,
  explainText,
  inputsOf,
  type ExplainNode,
  type PhysicalPlan,
} from '@drops/planner';
import { rowCap, type ExecutionContext } from './context.js';
import { readMeter } from './operators/metered.js';
import { planPaged } from './plan-paged.js';
import { planRelation } from './plan-relation.js';
import { remotePart } from './remote/remote-part.js';
import { noneIfUnsupported } from './remote/unless-unsupported.js';
import { collectPlan, type Meters } from './run-plan.js';
import { statisticsOf } from './statistics.js';

/** `explain …`: the tree of operators and the same drawn. Nothing is run, unless with `analyze`, which only reads. */
export async function runExplain(explain: Explain, context: ExecutionContext): Promise<Json> {
  const { plan, mode } = explain;
  const tree = await (mode === 'analyze' ? analyze(plan, context) : explainStatement(plan, context));
  return { plan: explainJson(tree), text: explainText(tree) };
}

async function analyze(plan: Plan, context: ExecutionContext): Promise<ExplainNode> {
  if (plan.kind !== 'Query') {
    fail('TYPE_ERROR', 'explain analyze runs the statement, and only a query can be run for its plan', {
      span: plan.span,
      hint: 'explain without analyze shows the plan and runs nothing',
    });
  }
  const physical = planOf(plan, context);
  const meters: Meters = new Map();
  await collectPlan({ plan: physical }, context, meters);
  const actuals = (node: PhysicalPlan) => {
    const meter = meters.get(node);
    return meter && readMeter(meter);
  };
  return explainTree(physical, context, actuals);
}

type RemoteDetail = (plan: PhysicalPlan) => { readonly [name: string]: Json } | undefined;

/** Of the parts of a plan that a store does by itself: the SQL, and the indexes that the database would use for it. */
async function remoteDetail(plan: PhysicalPlan, { snapshot }: ExecutionContext): Promise<RemoteDetail> {
  const details = new Map<PhysicalPlan, { readonly [name: string]: Json }>();
  const visit = async (node: PhysicalPlan): Promise<void> => {
    const part = node.kind === 'RemoteRows' ? remotePart(node, snapshot) : undefined;
    if (!part) return void (await Promise.all(inputsOf(node).map(visit)));
    const { sql, path, select } = part;
    const indexes = (await sql.indexesFor(path, select).catch(noneIfUnsupported)) ?? [];
    details.set(node, {
      remote: select.sql,
      parameters: select.parameters,
      ...(indexes.length > 0 && { index: indexes.join(', ') }),
    });
  };
  await visit(plan);
  return (node) => details.get(node);
}

async function explainTree(
  plan: PhysicalPlan,
  context: ExecutionContext,
  actuals?: Parameters<typeof explainPlan>[2],
): Promise<ExplainNode> {
  return explainPlan(plan, statisticsOf(context), actuals, await remoteDetail(plan, context));
}

const planOf = (query: Query, context: ExecutionContext) => planPaged(query, rowCap(context), context).plan;

const relationNode = (relation: Relation, context: ExecutionContext): Promise<ExplainNode> =>
  explainTree(planRelation(relation, context), context);

function node(op: string, detail: ExplainNode['detail'], children: readonly ExplainNode[] = []): ExplainNode {
  return { op, detail, rowsEstimated: children[0]?.rowsEstimated ?? 1, children };
}

/** Any statement as a tree: queries by their operators, writes by what they would do. */
async function explainStatement(plan: Plan, context: ExecutionContext): Promise<ExplainNode> {
  switch (plan.kind) {
    case 'Query':
      return explainTree(planOf(plan, context), context);
    case 'Put':
      return node('Put', {
        mode: plan.mode,
        route: plan.route,
        ...(typeof plan.key === 'string' && { key: plan.key }),
        payload: expressionText(plan.payload),
      });
    case 'Delete':
      return node('Delete', { route: plan.route, ...(typeof plan.key === 'string' && { key: plan.key }) });
    case 'Increment':
      return node('Increment', {
        route: plan.route,
        ...(typeof plan.key === 'string' && { key: plan.key }),
        field: pathText(plan.path),
      });
    case 'Batch': {
      const operations = await Promise.all(
        plan.operations.map((operation) => explainStatement(operation, context)),
      );
      return { ...node('Batch', {}, operations), rowsEstimated: operations.length };
    }
    case 'ForEach': {
      const { effect } = plan;
      const saves = effect.kind === 'SaveEach' || effect.kind === 'SaveAll';
      return node(effect.kind, { ...(saves && { route: effect.route }) }, [
        await relationNode(plan.input, context),
      ]);
    }
    case 'DefineView':
      return node('DefineView', { name: plan.name }, [await relationNode(plan.relation, context)]);
    case 'Export':
      return node('Export', { format: plan.format }, [await relationNode(plan.relation, context)]);
    case 'Translate':
    case 'Explain':
      return node(plan.kind, {}, [await explainStatement(plan.plan, context)]);
    default:
      return node(plan.kind, { statement: planText(plan) });
  }
}
