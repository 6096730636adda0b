import { compareBytes, fromUtf8, isEventRow, readU48, u48 } from '../rows/binary-keys.js';
import { bytesOf, wider, type PartReader } from './parts.js';
import { RowNames } from './row-names.js';

/** Where the part after route id and tag begins in a row of `current`. */
const bodyAt = 5;

/** What a file says of rows beside their arrays. */
export interface PackedRows {
  readonly size: number;
  readonly sorted: number;
  /** How many are in the table, and how many are events: there are arrays of them where not all and not none are. */
  readonly present: number;
  readonly events: number;
  /** There is an array of expiries. */
  readonly expires: boolean;
}

/** The rows that are live at a time. */
export interface LiveRows {
  readonly count: number;
  /** undefined: all. */
  readonly mask: Uint8Array | undefined;
}

interface Judged extends LiveRows {
  /** It holds for times in [from, until). */
  readonly from: number;
  readonly until: number;
}

/**
 * The rows of a route: a place (ordinal) each, in the order in which they became known. A row keeps its place when it
 * goes, and gets it back when it returns.
 */
export class RouteRows {
  size = 0;
  capacity: number;
  /** Rows that are in the table, expired or not. */
  private present: Uint8Array;
  private presentCount = 0;
  private names: RowNames;
  private entities: Uint8Array;
  /** Ordinals of events, by tx. */
  private readonly events: number[] = [];
  /** The rows before this are entities in the order of their keys. */
  private sorted = 0;
  /** The other entities. */
  private readonly added = new Map<string, number>();
  /** Another object whenever an entity comes or goes. */
  private keysAre = {};
  private expires: Float64Array | undefined;
  private ordered: Uint32Array | undefined;
  private judged: Judged | undefined;
  private readonly orders = new WeakMap<Uint8Array, Uint32Array>();

  constructor(expected: number) {
    this.capacity = Math.max(16, expected);
    this.present = new Uint8Array(this.capacity);
    this.entities = new Uint8Array(this.capacity);
    this.names = RowNames.empty(this.capacity);
  }

  /** Rows that were written by `pack`. */
  static read({ size, sorted, present, events, expires }: PackedRows, parts: PartReader): RouteRows {
    const rows = new RouteRows(0);
    rows.capacity = Math.max(16, size);
    rows.size = size;
    rows.sorted = sorted;
    rows.presentCount = present;
    rows.names = RowNames.read(size, rows.capacity, parts);
    rows.present = wider(present < size ? parts.bytes() : new Uint8Array(size).fill(1), rows.capacity);
    rows.entities = wider(events > 0 ? parts.bytes() : new Uint8Array(size).fill(1), rows.capacity);
    if (expires) rows.expires = wider(parts.numbers(size), rows.capacity);
    // The rows before are entities in their order.
    for (let ordinal = sorted; ordinal < size; ordinal += 1) {
      if (rows.isEvent(ordinal)) rows.events.push(ordinal);
      else rows.added.set(rows.names.at(ordinal), ordinal);
    }
    return rows;
  }

  /** What `read` makes the rows of: what it is told, and arrays of bytes. They are good until a row changes. */
  pack(): { readonly about: PackedRows; readonly parts: () => Iterable<Uint8Array> } {
    const { size, sorted, names, present, presentCount, entities, events, expires } = this;
    return {
      about: {
        size,
        sorted,
        present: presentCount,
        events: events.length,
        expires: expires !== undefined,
      },
      *parts() {
        yield* names.pack(size);
        if (presentCount < size) yield present.subarray(0, size);
        if (events.length > 0) yield entities.subarray(0, size);
        if (expires) yield bytesOf(expires.subarray(0, size));
      },
    };
  }

  /** Bytes in memory, about; with what readers may ask for later: a mask of live rows, an order. */
  get bytes(): number {
    const row = 1 + 1 + (this.expires ? 8 + 1 : 0) + (this.added.size > 0 ? 8 : 0);
    return this.names.bytes + this.capacity * row + this.events.length * 8 + this.added.size * 80;
  }

  /** More than half of the places are of rows that are gone. */
  get isStale(): boolean {
    return this.size > 2 * this.presentCount + 1024;
  }

  isEvent(ordinal: number): boolean {
    return this.entities[ordinal] === 0;
  }

  keyOf(ordinal: number): string {
    return fromUtf8(this.names.at(ordinal));
  }

  txOf(ordinal: number): number {
    return readU48(this.names.at(ordinal), 0);
  }

  /** The least i in [0, count) whose row does not come before a name. */
  private search(count: number, ordinalAt: (i: number) => number, name: string): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.names.compare(ordinalAt(middle), name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The ordinal of an entity, gone or not; its key as the bytes of its UTF-8. */
  findEntity(name: string): number | undefined {
    const at = this.search(this.sorted, (i) => i, name);
    return at < this.sorted && this.names.compare(at, name) === 0 ? at : this.added.get(name);
  }

  /** The ordinal of an event, gone or not. */
  findEvent(tx: number): number | undefined {
    const name = u48(tx);
    const at = this.search(this.events.length, (i) => this.events[i] ?? 0, name);
    const ordinal = this.events[at];
    return ordinal !== undefined && this.names.compare(ordinal, name) === 0 ? ordinal : undefined;
  }

  /** Gives a row of `current` that is not known yet its place. Events come in the order of their tx. */
  append(row: string, expiresAt: number): number {
    const ordinal = this.size;
    if (ordinal === this.capacity) this.grow();
    this.names.set(ordinal, row, bodyAt);
    this.size += 1;
    this.ordered = undefined;
    if (isEventRow(row)) {
      this.events.push(ordinal);
    } else {
      this.entities[ordinal] = 1;
      const follows = ordinal === 0 || this.names.compare(ordinal - 1, row, bodyAt) < 0;
      if (ordinal === this.sorted && follows) this.sorted += 1;
      else this.added.set(row.slice(bodyAt), ordinal);
    }
    this.put(ordinal, expiresAt);
    return ordinal;
  }

  /** A row is in the table, with its expiry; 0: never. */
  put(ordinal: number, expiresAt: number): void {
    if (this.present[ordinal] === 0) {
      this.presentCount += 1;
      if (!this.isEvent(ordinal)) this.keysAre = {};
    }
    this.present[ordinal] = 1;
    if (expiresAt !== 0) this.expires ??= new Float64Array(this.capacity);
    if (this.expires) this.expires[ordinal] = expiresAt;
    this.judged = undefined;
  }

  /** A row has gone. */
  remove(ordinal: number): void {
    if (this.present[ordinal] === 0) return;
    this.presentCount -= 1;
    if (!this.isEvent(ordinal)) this.keysAre = {};
    this.present[ordinal] = 0;
    this.judged = undefined;
  }

  private grow(): void {
    this.capacity = Math.ceil(this.capacity * 1.5);
    this.present = wider(this.present, this.capacity);
    this.entities = wider(this.entities, this.capacity);
    this.names.grow(this.capacity);
    if (this.expires) this.expires = wider(this.expires, this.capacity);
  }

  /** 1 for entities; undefined: all are. */
  entityMask(): Uint8Array | undefined {
    return this.events.length === 0 ? undefined : this.entities.subarray(0, this.size);
  }

  /** The same object as long as the keys are; undefined where they may expire. */
  get keys(): object | undefined {
    return this.expires ? undefined : this.keysAre;
  }

  /** The rows that are there and have not expired. */
  liveAt(now: number): LiveRows {
    const { judged } = this;
    if (judged && judged.from <= now && now < judged.until) return judged;
    this.judged = this.judge(now);
    return this.judged;
  }

  private judge(now: number): Judged {
    const { expires, size, present } = this;
    let count = this.presentCount;
    let from = Number.NEGATIVE_INFINITY;
    let until = Number.POSITIVE_INFINITY;
    if (!expires) {
      return { count, mask: count === size ? undefined : present.subarray(0, size), from, until };
    }
    const mask = present.slice(0, size);
    for (let i = 0; i < size; i += 1) {
      const at = expires[i] ?? 0;
      if (at === 0 || mask[i] === 0) continue;
      if (at > now) until = Math.min(until, at);
      else {
        from = Math.max(from, at);
        mask[i] = 0;
        count -= 1;
      }
    }
    return { count, mask: count === size ? undefined : mask, from, until };
  }

  /** All ordinals in the order of the route; undefined: they are in it. */
  private inOrder(): Uint32Array | undefined {
    if (this.added.size === 0) return undefined;
    this.ordered ??= this.merge();
    return this.ordered;
  }

  private merge(): Uint32Array {
    const added = [...this.added].sort(([a], [b]) => compareBytes(a, b));
    const order = new Uint32Array(this.size);
    let at = 0;
    let base = 0;
    for (const [name, ordinal] of added) {
      while (base < this.sorted && this.names.compare(base, name) < 0) order[at++] = base++;
      order[at++] = ordinal;
    }
    while (base < this.sorted) order[at++] = base++;
    order.set(this.events, at);
    return order;
  }

  private filtered(order: Uint32Array, mask: Uint8Array): Uint32Array {
    let count = 0;
    const live = new Uint32Array(order.length);
    for (const ordinal of order) if (mask[ordinal] !== 0) live[count++] = ordinal;
    return live.subarray(0, count);
  }

  /** The ordinals of some rows in the order of the route; undefined: 0, 1, 2 … is that order. */
  orderOf({ mask }: LiveRows): Uint32Array | undefined {
    const order = this.inOrder();
    if (!order || !mask) return order;
    const known = this.orders.get(mask);
    if (known) return known;
    const live = this.filtered(order, mask);
    this.orders.set(mask, live);
    return live;
  }

  /** The ordinals of the rows in the table, in its order. */
  *inTable(): Iterable<number> {
    const order = this.inOrder();
    for (let i = 0; i < this.size; i += 1) {
      const ordinal = order ? (order[i] ?? 0) : i;
      if (this.present[ordinal] !== 0) yield ordinal;
    }
  }
}
