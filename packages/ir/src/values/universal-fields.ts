import { getProperty, isArray, isObject, type Json, type JsonObject } from './json.js';
import { isoTime } from './pattern.js';

/*
 * The universal fields (features.md, PRIM): arrays of objects that any payload may have. They are a convention: an entry of another
 * shape is data like any other, and is passed over here.
 */

/** In degrees: latitude from -90 to 90, longitude from -180 to 180. */
export interface GeoPoint {
  readonly lat: number;
  readonly lon: number;
}
export interface Identifier {
  readonly type: string | undefined;
  readonly value: string;
}
export interface Amount {
  readonly value: number;
  readonly unit: string | undefined;
}

/** The universal fields that facets look at. */
export const facetFields = {
  dates: '_dates',
  locations: '_locations',
  identifiers: '_identifiers',
  amounts: '_amounts',
} as const;

function entriesOf(payload: Json, field: string): readonly JsonObject[] {
  const list = isObject(payload) ? getProperty(payload, field) : undefined;
  return isArray(list) ? list.filter(isObject) : [];
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Starts of `_dates` in ms since the epoch; one without an offset is in the zone of its entry, else in UTC. */
export function datesIn(payload: Json): readonly number[] {
  return entriesOf(payload, facetFields.dates).flatMap((entry) => {
    const start = getProperty(entry, 'start');
    return (typeof start === 'string' ? isoTime(start, textOf(getProperty(entry, 'tz'))) : undefined) ?? [];
  });
}

/** A place on earth, or undefined for anything else. */
export function geoPoint(lat: Json | undefined, lon: Json | undefined): GeoPoint | undefined {
  if (typeof lat !== 'number' || typeof lon !== 'number') return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}

/** Places of `_locations`. */
export function locationsIn(payload: Json): readonly GeoPoint[] {
  return entriesOf(payload, facetFields.locations).flatMap(
    (entry) => geoPoint(getProperty(entry, 'lat'), getProperty(entry, 'lon')) ?? [],
  );
}

/** Entries of `_identifiers`. */
export function identifiersIn(payload: Json): readonly Identifier[] {
  return entriesOf(payload, facetFields.identifiers).flatMap((entry) => {
    const value = textOf(getProperty(entry, 'value'));
    return value === undefined ? [] : { type: textOf(getProperty(entry, 'type')), value };
  });
}

/** Entries of `_amounts`. */
export function amountsIn(payload: Json): readonly Amount[] {
  return entriesOf(payload, facetFields.amounts).flatMap((entry) => {
    const value = getProperty(entry, 'value');
    return typeof value === 'number' ? { value, unit: textOf(getProperty(entry, 'unit')) } : [];
  });
}

/** Mean radius of the earth in km (IUGG). */
const earthRadius = 6371.0088;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** The distance of two places along the surface in km, on a sphere (haversine). */
export function distanceKm(a: GeoPoint, b: GeoPoint): number {
  const dLat = radians(b.lat - a.lat);
  const dLon = radians(b.lon - a.lon);
  const h =
    Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Degrees of latitude and longitude that hold a circle; the longitudes may be two ranges, either side of the antimeridian. */
export interface GeoBox {
  readonly south: number;
  readonly north: number;
  readonly longitudes: readonly (readonly [west: number, east: number])[];
}

/** A hair more than rounding can cost. */
const margin = 1e-9;

/** What holds every place within some km of another. A circle that reaches a pole has every longitude. */
export function boxAround({ lat, lon }: GeoPoint, km: number): GeoBox {
  const angle = km / earthRadius;
  const reach = degrees(angle) + margin;
  const south = Math.max(-90, lat - reach);
  const north = Math.min(90, lat + reach);
  const everywhere = { south, north, longitudes: [[-180, 180]] } as const;
  if (south <= -90 || north >= 90) return everywhere;
  const width = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(radians(lat))))) + margin;
  const west = lon - width;
  const east = lon + width;
  if (east - west >= 360) return everywhere;
  // The antimeridian has two names: -180 and 180.
  if (west <= -180)
    return {
      south,
      north,
      longitudes: [
        [-180, east],
        [west + 360, 180],
      ],
    };
  if (east >= 180)
    return {
      south,
      north,
      longitudes: [
        [west, 180],
        [-180, east - 360],
      ],
    };
  return { south, north, longitudes: [[west, east]] };
}
