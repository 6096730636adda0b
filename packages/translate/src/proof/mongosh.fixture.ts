import { Script } from 'node:vm';
import { invariant } from '@drops/diagnostics';
import { Aggregator } from 'mingo/aggregator';
import { Context, evalExpr, ProcessingMode } from 'mingo/core';
import { Lazy } from 'mingo/lazy';
import * as accumulator from 'mingo/operators/accumulator';
import * as expression from 'mingo/operators/expression';
import * as pipeline from 'mingo/operators/pipeline';
import * as projection from 'mingo/operators/projection';
import * as query from 'mingo/operators/query';
import { Query } from 'mingo/query';
import type { AnyObject, Options } from 'mingo/types';
import { updateOne } from 'mingo/updater';
import { compareMongo, isDocument, valueAtPath, type MongoDocument } from './mongo-values.fixture.js';

/** Arguments of an operator, evaluated one by one, so that what is missing stays undefined. */
function args(root: unknown, of: unknown, options: Options): readonly unknown[] {
  return Array.isArray(of)
    ? of.map((e: unknown) => evalExpr(root, e, options))
    : [evalExpr(root, of, options)];
}

const comparison =
  (test: (order: number) => boolean) =>
  (root: unknown, of: unknown, options: Options): boolean => {
    const [a, b] = args(root, of, options);
    return test(compareMongo(a, b));
  };

/** Where a value stands in an array; -1 for nowhere. */
function indexIn(list: unknown, value: unknown): number {
  if (!Array.isArray(list)) throw new Error('an array was expected');
  return list.findIndex((item: unknown) => compareMongo(item, value) === 0);
}

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('a text was expected');
  return value;
};

/**
 * mingo compares texts by UTF-16 and takes types, missing and arrays more lightly than a server does; what is here says it
 * as MongoDB's manual does. `$indexOfCP` mingo does not have.
 */
const faithful = {
  $eq: comparison((o) => o === 0),
  $ne: comparison((o) => o !== 0),
  $lt: comparison((o) => o < 0),
  $lte: comparison((o) => o <= 0),
  $gt: comparison((o) => o > 0),
  $gte: comparison((o) => o >= 0),
  $in(root: unknown, of: unknown, options: Options): boolean {
    const [value, list] = args(root, of, options);
    return indexIn(list, value) !== -1;
  },
  $indexOfArray(root: unknown, of: unknown, options: Options): number {
    const [list, value] = args(root, of, options);
    return indexIn(list, value);
  },
  $indexOfCP(root: unknown, of: unknown, options: Options): number {
    const [whole, part] = args(root, of, options).map(text);
    const at = (whole ?? '').indexOf(part ?? '');
    return at === -1 ? -1 : [...(whole ?? '').slice(0, at)].length;
  },
  $sortArray(root: unknown, of: unknown, options: Options): unknown {
    const input = evalExpr(root, isDocument(of) ? of['input'] : of, options);
    return Array.isArray(input) ? input.toSorted(compareMongo) : null;
  },
  $isArray: (root: unknown, of: unknown, options: Options): boolean =>
    Array.isArray(args(root, of, options)[0]),
};

const extreme =
  (better: (order: number) => boolean) =>
  (documents: AnyObject[], of: unknown, options: Options): NonNullable<unknown> | null => {
    const values = accumulator.$push(documents, of, options).filter((v) => v !== null && v !== undefined);
    return values.reduce<NonNullable<unknown> | null>((kept, v) => {
      if (v === null || v === undefined) return kept;
      return kept === null || better(compareMongo(v, kept)) ? v : kept;
    }, null);
  };

type SortStage = typeof pipeline.$sort;
const sort: SortStage = (documents, keys) =>
  documents.transform((all: unknown[]) =>
    Lazy(
      all.toSorted((a, b) => {
        for (const [path, direction] of Object.entries(keys)) {
          // Sorting takes null and missing for the same.
          const order = compareMongo(valueAtPath(a, path) ?? null, valueAtPath(b, path) ?? null);
          if (order !== 0) return order * direction;
        }
        return 0;
      }),
    ),
  );

const context = Context.init({
  accumulator: { ...accumulator, $min: extreme((o) => o < 0), $max: extreme((o) => o > 0) },
  expression: { ...expression, ...faithful },
  pipeline: { ...pipeline, $sort: sort },
  projection,
  query,
});

/** Collections in memory that answer the methods our scripts call, by mingo. */
export interface MongoShell {
  /** Runs one statement; the documents of a cursor, or nothing. */
  run(script: string): readonly MongoDocument[];
  collection(name: string): AnyObject[];
}

/** `collections`: documents by the name of their collection. Each gets an `_id` that rises. */
export function openMongoShell(collections: Readonly<Record<string, readonly MongoDocument[]>>): MongoShell {
  const store = new Map<string, AnyObject[]>();
  let ids = 0;
  const insert = (name: string, document: MongoDocument): void => {
    store.set(name, [...collection(name), { _id: (ids += 1), ...document }]);
  };
  const collection = (name: string): AnyObject[] => store.get(name) ?? [];
  for (const [name, documents] of Object.entries(collections)) for (const d of documents) insert(name, d);
  const options: Options = {
    idKey: '_id',
    processingMode: ProcessingMode.CLONE_ALL,
    useStrictMode: true,
    scriptEnabled: false,
    failOnError: true,
    collectionResolver: collection,
    context,
  };
  const matching = (name: string, filter: AnyObject): AnyObject[] => {
    const wanted = new Query(filter, options);
    return collection(name).filter((d) => wanted.test(d));
  };
  const change = (name: string, filter: AnyObject, update: AnyObject, upsert: boolean): void => {
    const { $setOnInsert: fresh, ...rest } = update;
    if (matching(name, filter).length === 0) {
      if (!upsert) return;
      insert(name, { ...filter, ...(isDocument(fresh) && fresh) });
    }
    updateOne(collection(name), filter, rest, {}, options);
  };
  const methods = (name: string) => ({
    aggregate: (stages: AnyObject[]) => ({
      toArray: () => new Aggregator(stages, options).run(collection(name)),
    }),
    insertOne: (document: MongoDocument) => insert(name, document),
    replaceOne(filter: AnyObject, document: MongoDocument, { upsert }: { upsert: boolean }) {
      const [old] = matching(name, filter);
      if (old)
        store.set(
          name,
          collection(name).map((d) => (d === old ? { _id: d['_id'], ...document } : d)),
        );
      else if (upsert) insert(name, document);
    },
    updateOne: (filter: AnyObject, update: AnyObject, { upsert = false } = {}) =>
      change(name, filter, update, upsert),
    deleteOne(filter: AnyObject) {
      const [old] = matching(name, filter);
      store.set(
        name,
        collection(name).filter((d) => d !== old),
      );
    },
    deleteMany(filter: AnyObject) {
      const gone = new Set(matching(name, filter));
      store.set(
        name,
        collection(name).filter((d) => !gone.has(d)),
      );
    },
  });
  const db = { getCollection: methods };
  return {
    collection,
    run(script) {
      // The text itself runs, as a shell would run it.
      const statement: unknown = new Script(`(db) => (${script.replace(/;$/, '')})`).runInThisContext();
      invariant(typeof statement === 'function', 'a function was written');
      const result: unknown = Reflect.apply(statement, undefined, [db]);
      if (!isDocument(result) || typeof result['toArray'] !== 'function') return [];
      const rows: unknown = Reflect.apply(result['toArray'], result, []);
      return Array.isArray(rows) ? rows.filter(isDocument) : [];
    },
  };
}
