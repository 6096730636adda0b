import { assertNever, type Diagnostic } from '@drops/diagnostics';
import type { InspectTarget, Plan, TextArgument } from '@drops/ir';
import type { Sql, Statement } from '@drops/syntax';
import type { Catalog } from './catalog.js';
import type { LowerContext } from './context.js';
import { lowerPrimitives } from './query/facets.js';
import { lowerCount, lowerFind, lowerGet, lowerList } from './query/queries.js';
import { lowerSearch } from './query/search.js';
import { lowerSingleRoute } from './routes.js';
import { lowerShare, lowerUnshare } from './statements/access.js';
import { lowerExport } from './statements/exports.js';
import { lowerEvery, lowerRun, lowerWhen } from './statements/functions.js';
import { lowerExplain, lowerTranslate } from './statements/nested.js';
import { lowerDefine, lowerDefineIndex, lowerUndefine, lowerValidate } from './statements/schemas.js';
import { lowerService } from './statements/services.js';
import { lowerBulk, lowerWrite } from './statements/writes.js';
import { lowerSql } from './sql/lower-sql.js';
import { lowerText } from './values.js';

/** A plan and what looked like a slip on the way to it. */
export interface Lowered {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/**
 * A statement → its typed plan: names resolved, views inlined, arguments checked.
 * Throws a DropsError with a span for what the text gets wrong. Parameters stay open: see `bindParameters`.
 */
export function lower(statement: Statement, catalog: Catalog): Lowered {
  const warnings: Diagnostic[] = [];
  const plan = lowerStatement(statement, { catalog, warn: (w) => warnings.push(w) });
  return { plan, warnings };
}

/** One line a statement; the family's file has the rest. */
function lowerStatement(node: Statement, context: LowerContext): Plan {
  const { span } = node;
  switch (node.kind) {
    case 'Get':
      return lowerGet(node, context);
    case 'Find':
      return lowerFind(node, context);
    case 'List':
      return lowerList(node, context);
    case 'Count':
      return lowerCount(node, context);
    case 'Search':
      return lowerSearch(node, context);
    case 'Primitives':
      return lowerPrimitives(node, context);
    case 'Save':
    case 'Update':
    case 'Remove':
    case 'Add':
      return lowerWrite(node);
    case 'Bulk':
      return lowerBulk(node);
    case 'Define':
      return lowerDefine(node);
    case 'DefineIndex':
      return lowerDefineIndex(node);
    case 'Undefine':
      return lowerUndefine(node);
    case 'Validate':
      return lowerValidate(node);
    case 'Patterns':
      return inspect({ what: 'patterns' }, span);
    case 'Share':
      return lowerShare(node);
    case 'Unshare':
      return lowerUnshare(node);
    case 'WritePublic':
      return { kind: 'SetPolicy', name: 'autoProtect', value: false, span };
    case 'Run':
      return lowerRun(node);
    case 'StatusOfJob':
      return inspect({ what: 'job', id: node.id.value }, span);
    case 'StatusOfRoute':
      return inspect({ what: 'route', route: lowerSingleRoute(node.route, 'status') }, span);
    case 'When':
      return lowerWhen(node);
    case 'Webhooks':
      return inspect({ what: 'webhooks' }, span);
    case 'WebhookDelete':
      return drop('webhook', lowerText(node.id, 'id', 'the id'), span);
    case 'Every':
      return lowerEvery(node);
    case 'Schedules':
      return inspect({ what: 'schedules' }, span);
    case 'ScheduleDelete':
      return drop('schedule', lowerText(node.name, 'id', 'the name'), span);
    case 'Export':
      return lowerExport(node, context);
    case 'Translate':
      return lowerTranslate(node, context, lowerStatement);
    case 'Sql':
      return lowerSqlStatement(node, context);
    case 'Context':
      return inspect({ what: 'context' }, span);
    case 'Explain':
      return lowerExplain(node, context, lowerStatement);
    case 'Service':
      return lowerService(node, context);
    default:
      return assertNever(node);
  }
}

function lowerSqlStatement({ text, offsets, span }: Sql, context: LowerContext): Plan {
  const toOuter = (offset: number): number => offsets?.[offset] ?? text.span.start + 1 + offset;
  return { ...lowerSql(text.value, text.span, toOuter, context), span };
}

function inspect(target: InspectTarget, span: Plan['span']): Plan {
  return { kind: 'Inspect', target, span };
}

function drop(what: 'webhook' | 'schedule', id: TextArgument, span: Plan['span']): Plan {
  return { kind: 'Drop', what, id, span };
}
