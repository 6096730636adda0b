import type { Rule } from '../rule.js';
import { filterLeftOfJoin } from './filter-left-of-join.js';
import { foldConstants } from './fold-constants.js';
import { joinByKeyLookup } from './join-by-key-lookup.js';
import { keyEqualityToLookup } from './key-equality-to-lookup.js';
import { keyInToLookups } from './key-in-to-lookups.js';
import { mergeFilters } from './merge-filters.js';
import { pruneColumns } from './prune-columns.js';
import { pushFilterThrough } from './push-filter-through.js';
import { pushLimitIntoSort } from './push-limit-into-sort.js';
import { pushSortBelowJoin } from './push-sort-below-join.js';
import { removeTrivialFilters } from './remove-trivial-filters.js';
import { resumeAtCursor } from './resume-at-cursor.js';
import { sortedGroups } from './sorted-groups.js';

/** All rules in the order of one pass. */
export const rules: readonly Rule[] = [
  // First: the others look at literals, and `x in (one)` must be an equality for the look-up to see it.
  foldConstants,
  // After folding, which makes `true` and `false` out of predicates.
  removeTrivialFilters,
  // Before the leaves are looked at: filters must have come down to them,
  pushFilterThrough,
  // where they stay above a join, its left side is filtered all the same;
  filterLeftOfJoin,
  // and be one, so that a key among several conditions is found.
  mergeFilters,
  keyEqualityToLookup,
  // After the equality: one key is better than several.
  keyInToLookups,
  // After the look-ups: a scan that starts late is still a scan.
  resumeAtCursor,
  // After filters were pushed into the left side: its rows are fewer then.
  joinByKeyLookup,
  // Before the limit comes to a sort that is needless.
  sortedGroups,
  // After filters left the space between a slice and its sort.
  pushLimitIntoSort,
  // After the limit has come to the sort: no more rows are joined than it gives, and the next pass finds the join small.
  pushSortBelowJoin,
  // Last: the others read columns too.
  pruneColumns,
];
