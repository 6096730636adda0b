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

let lastTime = Number.NaN;
let lastText = '';

/** A time in ms as drops show it. Neighbours often share it. */
function isoTime(time: number): string {
  if (time !== lastTime) {
    lastText = new Date(time).toISOString();
    lastTime = time;
  }
  return lastText;
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
    ...(expiresAt !== 0 && { expires_at: new Date(expiresAt).toISOString() }),
  };
}
