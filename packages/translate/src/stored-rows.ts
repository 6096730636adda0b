import { DropsError, fail } from '@drops/diagnostics';
import { isRelation, rewriteRelation, walk, type Expression, type Field, type Relation } from '@drops/ir';
import { fidelityLog } from './fidelity.js';
import { sqlContext } from './sql/context.js';
import type { SqlDialect } from './sql/dialect.js';
import { atom } from './sql/fragment.js';
import { postgres } from './sql/postgres.js';
import { renderBound, type RenderedBound } from './sql/render.js';
import { writeRelation } from './sql/write-select.js';

/*
 * A store in PostgreSQL keeps payloads as JSON, of any types side by side. Its rows are a table `state` of `_key`, `_created_at` and
 * the payload in `doc`: a field of the payload is read inside it, with the type of each value at hand.
 */

/** The name of the table that the SQL reads. */
export const storedRowsTable = 'state';
const payloadColumn = 'doc';

/** Texts inside JSON have the order of the database; ours is that of code points. */
const stored: SqlDialect = {
  ...postgres,
  json: {
    ...postgres.json,
    typed(column, path, kind) {
      const read = postgres.json.typed(column, path, kind);
      return kind === 'text' ? atom`(${read}) COLLATE "C"` : read;
    },
    text: (column, path) => atom`(${postgres.json.text(column, path)}) COLLATE "C"`,
  },
};

const refuse = (what: string, { span }: Expression | Relation): never =>
  fail('UNSUPPORTED', `${what} is left to the engine`, { span });

function storedField(field: Field): Field {
  if (field.scope === 'system') {
    const [name] = field.path;
    return name === 'key' || name === 'created_at' ? field : refuse('this column', field);
  }
  if (field.scope !== 'payload') return refuse('this field', field);
  // A payload that is no object is the field `payload`, of rows of that kind alone.
  if (field.path[0] === 'payload') return refuse('a payload as a whole', field);
  // What a pattern says now need not hold for what was written before it.
  return { ...field, path: [payloadColumn, ...field.path], type: 'unknown' };
}

function checkExpressions(relation: Relation): void {
  walk(relation, (node) => {
    if (isRelation(node)) return undefined;
    // Sub-queries are answered once, before; the time is that of the statement.
    if (node.kind === 'InQuery') return refuse('a query in the query', node);
    if (node.kind === 'Fn' && node.name === 'now') return refuse('now', node);
    return undefined;
  });
}

/**
 * SQL that says the same as a relation over one route of a store, whatever its payloads hold; undefined where none
 * does. The relation holds no parameter any more.
 */
export function storedRowsSql(relation: Relation): RenderedBound | undefined {
  try {
    checkExpressions(relation);
    const rewritten = rewriteRelation(relation, {
      relation: (node) => (node.kind === 'Scan' ? { ...node, route: storedRowsTable } : node),
      expression: (node) => (node.kind === 'Field' ? storedField(node) : node),
    });
    const fidelity = fidelityLog();
    const taken = new Set([storedRowsTable]);
    const context = { ...sqlContext(stored, fidelity, () => undefined, taken), isOrderedElsewhere: true };
    const fragment = writeRelation(context, rewritten);
    const result = fidelity.result();
    // The types are looked at row by row, so nothing is asked of a schema but what a note tells.
    const isExact =
      result.kind === 'exact' || (result.kind === 'exact given the schema' && result.notes.length === 0);
    return isExact ? renderBound(fragment, stored) : undefined;
  } catch (error) {
    if (error instanceof DropsError && error.diagnostic.code === 'UNSUPPORTED') return undefined;
    throw error;
  }
}
