import { assertNever } from '@drops/diagnostics';
import {
  amountsIn,
  boxAround,
  datesIn,
  identifiersIn,
  locationsIn,
  type FacetCondition,
  type Json,
  type NumberRange,
} from '@drops/ir';
import { u32 } from '../rows/binary-keys.js';
import { afterAll, encodeValue, endOfValue, type KeyRange } from '../indexes/index-keys.js';

/*
 * Keys of the table `facets`. An entry is a tag, a value and the row in `current` that has it; beside them stands a list of the entries
 * of each row, by which they are found again when the row changes, and a mark for each route that ever had any.
 */
const tags = {
  list: '\0',
  route: '\x01',
  date: 'd',
  amount: 'a',
  amountOfUnit: 'u',
  identifier: 'i',
  identifierType: 't',
  place: 'p',
} as const;

/** Bytes of a text that an entry holds: what is longer shares an entry, and the payload decides. */
const textLimit = 256;

const code = (value: Json): string => encodeValue(value, textLimit);

/** Where the list of a row's entries stands. */
export const listKey = (row: string): string => tags.list + row;
/** Where it is noted that a route has had entries. */
export const routeKey = (routeId: number): string => tags.route + u32(routeId);

/**
 * The cell of a place: a band of latitudes some 5.5 km high. Within one, places stand in the order of their longitude, so that
 * a circle is a range a band and nothing is special about the poles; the antimeridian splits a range in two.
 */
const bandsPerDegree = 20;
const bandOf = (lat: number): number => Math.floor((lat + 90) * bandsPerDegree);
const bandCode = (band: number): string => String.fromCharCode(band >>> 8, band & 255);
/** A circle of more bands is looked for among all places. */
const mostBands = 400;

/** The entries of a payload, without the row, each once. */
export function entriesIn(payload: Json): readonly string[] {
  const entries = new Set<string>();
  for (const start of datesIn(payload)) entries.add(tags.date + code(start));
  for (const { value, unit } of amountsIn(payload)) {
    entries.add(tags.amount + code(value));
    if (unit !== undefined) entries.add(tags.amountOfUnit + code(unit) + code(value));
  }
  for (const { type, value } of identifiersIn(payload)) {
    entries.add(tags.identifier + code(value));
    if (type !== undefined) entries.add(tags.identifierType + code(type));
  }
  for (const { lat, lon } of locationsIn(payload))
    entries.add(tags.place + bandCode(bandOf(lat)) + code(lon));
  return [...entries];
}

/** Where the row begins in the key of an entry. */
export function rowOfEntry(key: string): string {
  switch (key.charAt(0)) {
    case tags.place:
      return key.slice(endOfValue(key, 3));
    case tags.amountOfUnit:
      return key.slice(endOfValue(key, endOfValue(key, 1)));
    default:
      return key.slice(endOfValue(key, 1));
  }
}

function numbersIn(prefix: string, { gte, gt, lte, lt }: NumberRange): KeyRange {
  const low = Math.max(gte ?? -Infinity, gt ?? -Infinity);
  const high = Math.min(lte ?? Infinity, lt ?? Infinity);
  // Bounds are taken in: the payload decides about them.
  return [prefix + code(low), prefix + code(high) + afterAll];
}

function wholeOf(prefix: string): KeyRange {
  return [prefix, prefix + afterAll];
}

/** Ranges of entries that hold one of every row that meets the condition, and perhaps of some that do not. */
export function rangesOf(condition: FacetCondition): readonly KeyRange[] {
  switch (condition.facet) {
    case 'dates':
      return [numbersIn(tags.date, condition.range)];
    case 'amounts': {
      const { unit, range } = condition;
      return [numbersIn(unit === undefined ? tags.amount : tags.amountOfUnit + code(unit), range)];
    }
    case 'identifiers': {
      const { type, oneOf } = condition;
      const [group] = oneOf;
      if (!group) return [wholeOf(tags.identifierType + code(type ?? null))];
      return [...new Set(group.map(({ value }) => tags.identifier + code(value)))].map(wholeOf);
    }
    case 'locations': {
      const { south, north, longitudes } = boxAround(condition.centre, condition.radiusKm);
      const first = bandOf(south);
      const last = bandOf(north);
      if (last - first > mostBands) return [wholeOf(tags.place)];
      const bands = Array.from({ length: last - first + 1 }, (_, i) => tags.place + bandCode(first + i));
      return bands.flatMap((band) =>
        longitudes.map(([west, east]) => numbersIn(band, { gte: west, lte: east })),
      );
    }
    default:
      return assertNever(condition);
  }
}
