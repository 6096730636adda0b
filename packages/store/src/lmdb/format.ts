import { fail } from '@drops/diagnostics';
import { isObject, type Json, type JsonObject } from '@drops/ir';
import { truthFormat } from '../log/truth-format.js';
import type { Environment } from './environment.js';
import type { Reader } from './reader.js';

/**
 * Rises when the files are written in another way: a newer one cannot be read. 2: commits are in `store.log` before they are
 * synced in `store.mdb`, which a program that does not know it must not write.
 */
const fileFormat = 2;
const readable: ReadonlySet<unknown> = new Set([truthFormat, fileFormat]);

/** Rises when something derived is: an older one is dropped and made anew. */
const derivedFormat: JsonObject = {
  current: 1,
  gone: 1,
  history: 1,
  counters: 2,
  expiries: 1,
  statistics: 1,
  indexes: 1,
  vectors: 1,
  facets: 2,
};

const formatKey = 'format';

/** Notes the format of this version. */
export function writeFormat(environment: Environment): void {
  environment.write(() => {
    const text = JSON.stringify({ truth: fileFormat, derived: derivedFormat });
    environment.meta.putSync(formatKey, Buffer.from(text));
  });
}

/**
 * Checks the format of a store: a new one gets ours, a newer truth is refused with NOT_AVAILABLE, and derived tables
 * of another format are made anew by `rebuild`.
 */
export function checkFormat(environment: Environment, reader: Reader, rebuild: () => void): void {
  const bytes = reader.get(environment.meta, formatKey);
  if (!bytes) return writeFormat(environment);
  const found: Json = JSON.parse(bytes.toString('utf8'));
  const truth = isObject(found) ? found['truth'] : undefined;
  if (!readable.has(truth)) {
    fail(
      'NOT_AVAILABLE',
      `The store has format ${JSON.stringify(truth)}; this version reads format ${fileFormat}.`,
      {
        hint: 'open it with the version that wrote it, or a newer one',
      },
    );
  }
  const derived = isObject(found) ? found['derived'] : undefined;
  const isSame = JSON.stringify(derived) === JSON.stringify(derivedFormat);
  if (isSame && truth === fileFormat) return;
  if (!isSame) rebuild();
  writeFormat(environment);
}
