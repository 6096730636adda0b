import { fail } from '@drops/diagnostics';
import { isDefinitionRoute } from '../definitions.js';
import type { PutOperation } from '../store.js';

/** Operations of a load that share a link of the chain and the states of their entities. */
const loadSlice = 1000;
/** The operations of a load in slices, each of which has a link of its own. UNSUPPORTED for routes of definitions. */
export function* slicesOf(operations: Iterable<PutOperation>): Generator<readonly PutOperation[]> {
  let slice: PutOperation[] = [];
  for (const operation of operations) {
    if (isDefinitionRoute(operation.route)) {
      fail('UNSUPPORTED', `Definitions (${operation.route}) cannot be loaded in one piece.`, {
        hint: 'write them without asking for all or nothing',
      });
    }
    slice.push(operation);
    if (slice.length < loadSlice) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
