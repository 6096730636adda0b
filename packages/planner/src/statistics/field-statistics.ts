import { compareValues, typeRank, type IndexCondition, type Json } from '@drops/ir';

/** What a sample of the values of a field tells of all of them. */
export interface FieldStatistics {
  /** Rows of the route when it was sampled. */
  readonly rows: number;
  /** The share of rows in which the field is null or missing. */
  readonly nulls: number;
  /** How many different values there are, null not counted. */
  readonly distinct: number;
  /** Values that stand out, with their shares of all rows; most common first. */
  readonly common: readonly { readonly value: Json; readonly share: number }[];
  /** Values that part the others than null into ranges of as many rows each; the first is the least, the last the greatest. */
  readonly bounds: readonly Json[];
}

const buckets = 64;
const mostCommon = 32;

/** Estimates how many different values all rows have (Haas and Stokes), from how many the sample has once and at all. */
function distinctOf(sampled: number, different: number, once: number, rows: number): number {
  if (sampled === 0) return 0;
  const estimate = (sampled * different) / (sampled - once + (once * sampled) / Math.max(sampled, rows));
  return Math.max(different, Math.min(rows, estimate));
}

/** Values in ascending order as runs of equal ones. */
function runsOf(values: readonly Json[]): { value: Json; count: number }[] {
  const runs: { value: Json; count: number }[] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last && compareValues(last.value, value) === 0) last.count += 1;
    else runs.push({ value, count: 1 });
  }
  return runs;
}

/** The statistics of a field of a route of `rows` rows, out of a sample of its values. */
export function fieldStatistics(sample: readonly (Json | undefined)[], rows: number): FieldStatistics {
  const values = sample.flatMap((value) => (value === null || value === undefined ? [] : [value]));
  values.sort(compareValues);
  const share = values.length / Math.max(1, sample.length);
  const runs = runsOf(values);
  const once = runs.filter(({ count }) => count === 1).length;
  const usual = values.length / Math.max(1, runs.length);
  const common = runs
    .filter(({ count }) => count > 1 && (count > 1.25 * usual || runs.length <= mostCommon))
    .sort((a, b) => b.count - a.count)
    .slice(0, mostCommon)
    .map(({ value, count }) => ({ value, share: count / sample.length }));
  const steps = Math.min(buckets, values.length - 1);
  const bounds = Array.from({ length: steps + 1 }, (_, i) => {
    const at = steps === 0 ? 0 : Math.round((i * (values.length - 1)) / steps);
    return values[at] ?? null;
  });
  return {
    rows,
    nulls: 1 - share,
    distinct: Math.round(distinctOf(values.length, runs.length, once, Math.round(rows * share))),
    common,
    bounds: values.length === 0 ? [] : bounds,
  };
}

/** The share of rows whose field is a value. */
export function equalShare(statistics: FieldStatistics, value: Json): number {
  const { nulls, distinct, common, bounds, rows } = statistics;
  if (value === null) return nulls;
  const known = common.find((c) => compareValues(c.value, value) === 0);
  if (known) return known.share;
  const others = distinct - common.length;
  const [least] = bounds;
  const greatest = bounds.at(-1);
  const outside =
    least === undefined ||
    greatest === undefined ||
    compareValues(value, least) < 0 ||
    compareValues(value, greatest) > 0;
  if (outside || others < 1) return 1 / Math.max(1, rows);
  const rest = 1 - nulls - common.reduce((sum, { share }) => sum + share, 0);
  return Math.max(0, rest) / others;
}

/** The part of the way from one bound to the next at which a value lies. */
function within(low: Json, value: Json, high: Json): number {
  if (typeof low !== 'number' || typeof value !== 'number' || typeof high !== 'number') return 0.5;
  return high === low ? 0.5 : (value - low) / (high - low);
}

/** The share of values that are less than one, among all that are not null. */
function shareBelow({ bounds }: FieldStatistics, value: Json): number {
  const above = bounds.findIndex((bound) => compareValues(bound, value) >= 0);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const low = bounds[above - 1] ?? null;
  return (above - 1 + within(low, value, bounds[above] ?? null)) / (bounds.length - 1);
}

/** The share of values whose type comes before one, or before the next one. */
function shareOfTypesBelow({ bounds }: FieldStatistics, rank: number): number {
  return bounds.filter((bound) => typeRank(bound) < rank).length / Math.max(1, bounds.length);
}

/** The share of rows whose field meets a condition. */
export function conditionShare(statistics: FieldStatistics, condition: IndexCondition): number {
  const present = 1 - statistics.nulls;
  switch (condition.kind) {
    case 'in': {
      const values = condition.values.filter(
        (value, i) => condition.values.findIndex((other) => compareValues(other, value) === 0) === i,
      );
      return Math.min(
        1,
        values.reduce<number>((share, value) => share + equalShare(statistics, value), 0),
      );
    }
    case 'prefix': {
      const start = shareBelow(statistics, condition.text);
      const end = shareBelow(statistics, `${condition.text}\u{10ffff}`);
      const known = statistics.common
        .filter(({ value }) => typeof value === 'string' && value.startsWith(condition.text))
        .reduce((sum, { share }) => sum + share, 0);
      return Math.max(present * (end - start), known, 1 / Math.max(1, statistics.rows));
    }
    case 'range': {
      const { lower, upper } = condition;
      const bound = lower ?? upper;
      if (!bound) return present;
      const rank = typeRank(bound.value);
      const start = lower ? shareBelow(statistics, lower.value) : shareOfTypesBelow(statistics, rank);
      const end = upper ? shareBelow(statistics, upper.value) : shareOfTypesBelow(statistics, rank + 1);
      const last = upper?.inclusive ? equalShare(statistics, upper.value) : 0;
      const first = lower && !lower.inclusive ? equalShare(statistics, lower.value) : 0;
      const share = present * (end - start) + last - first;
      return Math.min(present, Math.max(share, 1 / Math.max(1, statistics.rows)));
    }
  }
}
