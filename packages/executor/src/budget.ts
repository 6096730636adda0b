import { fail } from '@drops/diagnostics';
import { isArray, isObject, type Json } from '@drops/ir';
import type { Batch, Row } from './row.js';
import { isRow } from './row.js';

/** What one statement may cost; what is missing is not limited. */
export interface QueryLimits {
  /** Bytes that it may hold at one time, as estimated. */
  readonly memory?: number | undefined;
  /** Time in ms; streams have none, since their readers may be slow. */
  readonly time?: number | undefined;
  /** Drops that it may read from the store. */
  readonly rows?: number | undefined;
}

/** Counts what one part of a statement holds in memory. */
export interface Holder {
  /** Counts rows as held: an estimate of their bytes. QUERY_TOO_COMPLEX when the statement holds too much. */
  addRows(rows: Batch): void;
  /** The same by bytes. */
  add(bytes: number): void;
  /** The same for one value. */
  addValue(value: Json): void;
  /** Keeps only a share of what was counted, 0 for none. */
  keep(share: number): void;
}

/** What a statement has used of its limits; its parts share it. */
export interface QueryBudget {
  readonly limits: QueryLimits;
  /** Counts drops read. QUERY_TOO_COMPLEX when they are too many. */
  read(rows: number): void;
  /** An account for one part; `what` names it in errors: `the sort`. */
  holder(what: string): Holder;
}

/** Counts nothing. */
export const unheld: Holder = {
  addRows: () => undefined,
  add: () => undefined,
  addValue: () => undefined,
  keep: () => undefined,
};

/** The budget of statements without limits. */
export const unlimited: QueryBudget = { limits: {}, read: () => undefined, holder: () => unheld };

/** Bytes of a value in memory, about: V8 on 64 bits. */
export function valueBytes(value: Json | undefined): number {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 40;
  if (isArray(value)) for (const element of value) bytes += 8 + valueBytes(element);
  else if (isObject(value)) for (const name in value) bytes += 16 + valueBytes(value[name]);
  return bytes;
}

const bytesOfRow = 64;
/** Ids, times, version of a drop. */
const bytesOfDrop = 320;

/** Bytes of a row with everything that it keeps alive, about. */
export function rowBytes({ drop, columns, right, from }: Row): number {
  return (
    bytesOfRow +
    (drop ? bytesOfDrop + valueBytes(drop.payload) : 0) +
    (columns ? valueBytes(columns) : 0) +
    (right ? rowBytes(right) : 0) +
    (isRow(from) ? rowBytes(from) : 0)
  );
}

const megabytes = (bytes: number): string => `${Math.round((bytes / 2 ** 20) * 10) / 10} MB`;

/** A budget for one statement. */
export function createBudget(limits: QueryLimits): QueryBudget {
  const { memory, rows: maxRows } = limits;
  let rowsRead = 0;
  let total = 0;

  const holder = (what: string): Holder => {
    if (memory === undefined) return unheld;
    let own = 0;
    const add = (bytes: number): void => {
      own += bytes;
      total += bytes;
      if (total <= memory) return;
      fail('QUERY_TOO_COMPLEX', `${what} needs more than ${megabytes(memory)}, the memory of one query`, {
        hint: 'narrow it with "where", take fewer fields with "pick", or less with "limit"; serve --query-memory allows more',
      });
    };
    return {
      add,
      addValue: (value) => add(8 + valueBytes(value)),
      addRows(rows) {
        let bytes = 0;
        for (const row of rows) bytes += rowBytes(row);
        add(bytes);
      },
      keep(share) {
        const kept = own * share;
        total -= own - kept;
        own = kept;
      },
    };
  };

  return {
    limits,
    read(rows) {
      rowsRead += rows;
      if (maxRows === undefined || rowsRead <= maxRows) return;
      fail(
        'QUERY_TOO_COMPLEX',
        `the query reads more than ${maxRows} rows, the most that one query may read`,
        {
          hint: '"explain" shows what it reads and which index would help; serve --query-rows allows more',
        },
      );
    },
    holder,
  };
}
