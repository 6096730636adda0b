import type { AccessPath, StoredDrop } from '@drops/ir';
import type { Snapshot } from '@drops/store';
/** All drops along an access path of a local store. */
export declare function drain(snapshot: Snapshot, path: AccessPath): readonly StoredDrop[];
/** One hash over everything that a store answers: current rows, history, indexes, statistics, of every route. */
export declare function answersOf(snapshot: Snapshot): string;
//# sourceMappingURL=same-answers.d.ts.map