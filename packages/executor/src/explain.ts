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
import { explainJson, explainPlan, explainText, type ExplainNode, type PhysicalPlan } from '@drops/planner';
import { rowCap, type ExecutionContext } from './context.js';
import { readMeter } from './operators/metered.js';
import { planPaged } from './plan-paged.js';
import { planRelation } from './plan-relation.js';
import { remotePart } from './remote/remote-part.js';
import { collectPlan, type Meters } from './run-plan.js';
import { statisticsOf } from './statistics.js';

/** `explain …`: the tree of operators and the same drawn. Nothing is run, unless with `analyze`, which only reads. */
export async function runExplain(explain: Explain, context: ExecutionContext): Promise<Json> {
  const { plan, mode } = explain;
  const tree = mode === 'analyze' ? await analyze(plan, context) : explainStatement(plan, context);
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
  return explainPlan(physical, statisticsOf(context), actuals, remoteDetail(context));
}

/** The SQL that a store does by itself, of the node that it is for. */
function remoteDetail({ snapshot }: ExecutionContext) {
  return (plan: PhysicalPlan) => {
    const part = plan.kind === 'RemoteRows' ? remotePart(plan, snapshot) : undefined;
    return part && { remote: part.select.sql, parameters: part.select.parameters };
  };
}

const planOf = (query: Query, context: ExecutionContext) => planPaged(query, rowCap(context), context).plan;

function relationNode(relation: Relation, context: ExecutionContext): ExplainNode {
  return explainPlan(
    planRelation(relation, context),
    statisticsOf(context),
    undefined,
    remoteDetail(context),
  );
}

function node(op: string, detail: ExplainNode['detail'], children: readonly ExplainNode[] = []): ExplainNode {
  return { op, detail, rowsEstimated: children[0]?.rowsEstimated ?? 1, children };
}

/** Any statement as a tree: queries by their operators, writes by what they would do. */
function explainStatement(plan: Plan, context: ExecutionContext): ExplainNode {
  switch (plan.kind) {
    case 'Query':
      return explainPlan(planOf(plan, context), statisticsOf(context), undefined, remoteDetail(context));
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
      const operations = plan.operations.map((operation) => explainStatement(operation, context));
      return { ...node('Batch', {}, operations), rowsEstimated: operations.length };
    }
    case 'ForEach': {
      const { effect } = plan;
      const saves = effect.kind === 'SaveEach' || effect.kind === 'SaveAll';
      return node(effect.kind, { ...(saves && { route: effect.route }) }, [
        relationNode(plan.input, context),
      ]);
    }
    case 'DefineView':
      return node('DefineView', { name: plan.name }, [relationNode(plan.relation, context)]);
    case 'Export':
      return node('Export', { format: plan.format }, [relationNode(plan.relation, context)]);
    case 'Translate':
    case 'Explain':
      return node(plan.kind, {}, [explainStatement(plan.plan, context)]);
    default:
      return node(plan.kind, { statement: planText(plan) });
  }
}
