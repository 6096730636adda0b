import type { Fate } from './disk.js';
type Random = () => number;
export declare const fateNames: readonly string[];
/** A fate by name; `last` is the id of the last write before the cut. */
export declare function fateOf(name: string, random: Random, last: number): Fate;
export {};
//# sourceMappingURL=fates.d.ts.map