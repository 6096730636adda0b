import { isVector, unitVector, vectorField, vectorIn, type Json } from '@drops/ir';
import { parseBody } from '../../log/payload.js';
import type { RowBody } from '../rows/current-row.js';
import type { DerivedRecord } from '../rows/derived-record.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';
import {
  factsRow,
  readFactsRow,
  vectorRow,
  writeFactsRow,
  writeVectorRow,
  type VectorFacts,
} from './vector-rows.js';

/** Keeps the table of vectors in step with the log. Routes without vectors cost a look into a map. */
export interface VectorDerivation {
  apply(record: DerivedRecord): void;
  /** Writes the counts of the routes that changed. */
  flush(): void;
}

const fieldName = Buffer.from(`"${vectorField}"`);

/** What a body says, when it may have a vector. */
function payloadOf({ bytes, start, end, ascii }: RowBody): Json {
  return bytes.subarray(start, end).includes(fieldName) ? parseBody(bytes, start, end, ascii) : null;
}

/** The vectors of write transactions, one after the other. */
export function deriveVectors(environment: Environment, reader: Reader): VectorDerivation {
  const { vectors } = environment;
  const facts = new Map<number, VectorFacts>();
  const changed = new Set<number>();

  const factsOf = (routeId: number): VectorFacts => {
    const known = facts.get(routeId);
    if (known) return known;
    const found = readFactsRow(reader.get(vectors, factsRow(routeId)));
    facts.set(routeId, found);
    return found;
  };
  const setFacts = (routeId: number, dimension: number, count: number): void => {
    facts.set(routeId, { dimension, count });
    changed.add(routeId);
  };

  const removeOld = ({ header, replaced }: DerivedRecord): void => {
    const { dimension, count } = factsOf(header.routeId);
    if (dimension === 0 || !replaced || header.kind === 'counter') return;
    if (vectors.removeSync(vectorRow(header.routeId, replaced.tx)))
      setFacts(header.routeId, dimension, count - 1);
  };

  const addNew = ({ header, payload, body, tx }: DerivedRecord): void => {
    const found = header.kind === 'put' && body ? vectorIn(payload ?? payloadOf(body)) : undefined;
    if (!found || !isVector(found)) return;
    const { dimension, count } = factsOf(header.routeId);
    // What was written before these rules were kept has a log all the same.
    if (dimension !== 0 && dimension !== found.length) return;
    const vector = unitVector(found);
    vectors.putSync(vectorRow(header.routeId, tx), writeVectorRow(vector, header.key, header.expiresAt));
    setFacts(header.routeId, vector.length, count + 1);
  };

  return {
    apply(record) {
      removeOld(record);
      addNew(record);
    },
    flush() {
      for (const routeId of changed) vectors.putSync(factsRow(routeId), writeFactsRow(factsOf(routeId)));
      changed.clear();
    },
  };
}
