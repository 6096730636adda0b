import type { Json, StoredDrop } from '@drops/ir';

export interface DropParts {
  readonly dropId: string;
  readonly writer: string | null;
  readonly time: number;
  readonly version: number;
  readonly tx: number;
  readonly price: number | undefined;
  /** 0: never. */
  readonly expiresAt: number;
}

const dayLength = 86_400_000;
let day = Number.NaN;
let dayText = '';
const two = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
const three = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/** Times that were shown last, each in the place of its last bits: drops of one commit share theirs. */
const places = 256;
const times = new Float64Array(places).fill(Number.NaN);
const texts = new Array<string>(places).fill('');

/** A time in ms as drops show it. */
export function isoTime(time: number): string {
  const place = time % places;
  if (times[place] === time) return texts[place] ?? '';
  const text = formatTime(time);
  if (place >= 0) {
    times[place] = time;
    texts[place] = text;
  }
  return text;
}

/** Days are formatted once: most drops of a batch share theirs. */
function formatTime(time: number): string {
  const start = Math.floor(time / dayLength);
  if (start !== day) {
    dayText = new Date(start * dayLength).toISOString().slice(0, 11);
    day = start;
  }
  const ms = time - start * dayLength;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hour = two[Math.floor(minutes / 60)];
  return `${dayText}${hour}:${two[minutes % 60]}:${two[seconds % 60]}.${three[ms % 1000]}Z`;
}

/** A drop as reads show it. */
export function storedDrop(parts: DropParts, route: string, key: string | null, payload: Json): StoredDrop {
  const { dropId, writer, time, version, tx, price, expiresAt } = parts;
  const created_at = isoTime(time);
  if (price === undefined && expiresAt === 0) {
    return { drop_id: dropId, route, key, source: writer, payload, created_at, version, tx };
  }
  return {
    drop_id: dropId,
    route,
    key,
    source: writer,
    payload,
    created_at,
    version,
    tx,
    ...(price !== undefined && { price }),
    ...(expiresAt !== 0 && { expires_at: isoTime(expiresAt) }),
  };
}
