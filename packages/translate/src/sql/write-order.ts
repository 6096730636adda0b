import type { SortKey } from '@drops/ir';
import type { ScalarKind, SqlDialect } from './dialect.js';
import { clause, join, predicate, type Fragment } from './fragment.js';
import { nestedPlace } from './in-json.js';
import type { Writer } from './writer.js';

/** A sort key as SQL: what to sort by, and whether it can be NULL. */
interface Key {
  readonly by: Fragment;
  readonly nullable: boolean;
}

const ascending: readonly ScalarKind[] = ['boolean', 'number', 'text'];

/** The keys of ORDER BY: NULL last whichever the direction, told only where the product would put it first. */
export function writeOrder(
  keys: readonly SortKey[],
  writer: Writer,
  aliasOf: (key: SortKey) => Fragment | undefined,
): Fragment {
  const written = keys.flatMap((key) =>
    keysOf(key, writer, aliasOf(key)).map((k) => direction(k, key.descending, writer.context.dialect)),
  );
  return join(written, ', ');
}

function keysOf(key: SortKey, writer: Writer, alias: Fragment | undefined): readonly Key[] {
  if (alias) return [{ by: alias, nullable: false }];
  const { expression } = key;
  const kind = writer.kindOf(expression);
  if (kind !== 'unknown' || !nestedPlace(expression, writer)) {
    const isKey =
      expression.kind === 'Field' && expression.scope === 'system' && expression.path[0] === 'key';
    return [{ by: writer.value(expression, kind), nullable: !isKey }];
  }
  // Inside JSON the types may be mixed: a key for each type, in the order of types.
  writer.context.fidelity.schema('arrays and objects inside JSON columns sort with null');
  const kinds = key.descending ? [...ascending].reverse() : ascending;
  return kinds.map((k) => ({ by: writer.value(expression, k), nullable: true }));
}

function direction({ by, nullable }: Key, descending: boolean, dialect: SqlDialect): Fragment {
  const sorted = descending ? clause`${by} DESC` : by;
  const last = descending ? dialect.nullsLast.descending : dialect.nullsLast.ascending;
  if (!nullable || last) return sorted;
  if (dialect.nullsClause) return clause`${sorted} NULLS LAST`;
  return clause`${predicate`${by} IS NULL`}, ${sorted}`;
}
