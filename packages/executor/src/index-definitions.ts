import { createHash } from 'node:crypto';
import { fail, type Span } from '@drops/diagnostics';
import {
  definitionRoutes,
  indexRecord,
  maxIndexFields,
  pathText,
  readIndexDefinition,
  type DefineIndex,
  type IndexOrigin,
  type Json,
  type Path,
  type Undefine,
} from '@drops/ir';
import type { IndexInfo } from '@drops/store';
import type { ExecutionContext } from './context.js';
import { commitDefinitions } from './definitions.js';

/** `a, b.c`: how an index is called. */
export const indexName = (fields: readonly Path[]): string => fields.map(pathText).join(', ');

/** Equality, ranges, prefixes and order are all answered by one kind of index. */
const kind = 'btree';

/** The key of the record of an index: the same for the same fields in the same order. */
export function indexKey(route: string, fields: readonly Path[]): string {
  return createHash('sha256')
    .update(JSON.stringify([route, fields]))
    .digest('hex')
    .slice(0, 24);
}

const systemColumns: ReadonlySet<string | number> = new Set([
  'key',
  'created_at',
  'drop_id',
  'route',
  'source',
]);

function checkFields(fields: readonly Path[], span: Span): void {
  if (fields.length > maxIndexFields) {
    fail('TYPE_ERROR', `an index of ${fields.length} fields; at most ${maxIndexFields} stand in one index`, {
      span,
      hint: 'the fields that are compared for equality come first, then one that is sorted by',
    });
  }
  const names = fields.map(pathText);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail('TYPE_ERROR', `${twice} stands twice in one index`, { span });
  const column = fields.find(
    ([name, ...rest]) => rest.length === 0 && name !== undefined && systemColumns.has(name),
  );
  if (column) {
    fail('TYPE_ERROR', `${pathText(column)} is a system column; indexes are over fields of the payload`, {
      span,
      hint: 'a key is looked up without an index',
    });
  }
}

function shown(route: string, fields: readonly Path[], created: IndexOrigin): Json {
  return { route, field: indexName(fields), kind, created };
}

/** `define R index a, b`: the index is an entity on the route of indexes; the store builds it. One that is there stays. */
export async function defineIndex(plan: DefineIndex, context: ExecutionContext): Promise<Json> {
  const { route, fields, span } = plan;
  checkFields(fields, span);
  const key = indexKey(route, fields);
  const record = await context.snapshot.get(definitionRoutes.indexes, key);
  const known = typeof record === 'object' && readIndexDefinition(record.payload)?.created === 'manual';
  if (!known) {
    const payload = indexRecord({ route, fields, created: 'manual' });
    await commitDefinitions([{ kind: 'put', route: definitionRoutes.indexes, key, payload }], span, context);
  }
  return { ok: true, index: shown(route, fields, 'manual') };
}

/** `undefine R index a, b`. NOT_FOUND when there is no such index. */
export async function undefineIndex(
  { name: route, span }: Undefine,
  fields: readonly Path[],
  context: ExecutionContext,
): Promise<Json> {
  const key = indexKey(route, fields);
  const record = await context.snapshot.get(definitionRoutes.indexes, key);
  if (record === undefined || record === 'deleted') {
    const others = context.snapshot.indexes(route).map((index) => indexName(index.fields));
    fail('NOT_FOUND', `there is no index on ${route}.${indexName(fields)}`, {
      span,
      ...(others.length > 0 && { hint: `${route} has indexes on: ${others.join('; ')}` }),
    });
  }
  await commitDefinitions([{ kind: 'delete', route: definitionRoutes.indexes, key }], span, context);
  return { ok: true, removed: 1, index: { route, field: indexName(fields), kind } };
}

/** An index as `status` lists it. */
export function showIndex({ fields, created, state, used, bytes }: IndexInfo, entries: number): Json {
  const shown = state === 'remote' ? 'ready' : state;
  return {
    field: indexName(fields),
    kind,
    created,
    state: shown,
    entries,
    used,
    ...(bytes !== undefined && { bytes }),
  };
}

/** The key and record of an index that the store makes of itself. */
export interface DefinitionChange {
  readonly key: string;
  readonly record: Json;
}

/** What defines an index that queries kept asking for. */
export function automaticIndex(route: string, fields: readonly Path[]): DefinitionChange {
  return { key: indexKey(route, fields), record: indexRecord({ route, fields, created: 'auto' }) };
}
