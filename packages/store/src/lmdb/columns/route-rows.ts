import { compareBytes, fromUtf8, isEventRow, readU48, u48 } from '../rows/binary-keys.js';

/** Where the part after route id and tag begins in a row of `current`. */
const bodyAt = 5;

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
 * goes, and gets it back when it returns. Names are kept as bytes in one array: the UTF-8 of a key, or the tx of an event.
 */
export class RouteRows {
  size = 0;
  capacity: number;
  /** Rows that are in the table, expired or not. */
  private present: Uint8Array;
  private presentCount = 0;
  private names: Buffer;
  /** Where the name of a row ends. */
  private ends: Uint32Array;
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
    this.ends = new Uint32Array(this.capacity);
    this.names = Buffer.allocUnsafeSlow(this.capacity * 12);
  }

  /** Bytes in memory, about; with what readers may ask for later: a mask of live rows, an order. */
  get bytes(): number {
    const row = 4 + 1 + 1 + (this.expires ? 8 + 1 : 0) + (this.added.size > 0 ? 8 : 0);
    return this.names.length + this.capacity * row + this.events.length * 8 + this.added.size * 80;
  }

  /** More than half of the places are of rows that are gone. */
  get isStale(): boolean {
    return this.size > 2 * this.presentCount + 1024;
  }

  private startOf(ordinal: number): number {
    return ordinal === 0 ? 0 : (this.ends[ordinal - 1] ?? 0);
  }

  private nameOf(ordinal: number): string {
    return this.names.toString('latin1', this.startOf(ordinal), this.ends[ordinal]);
  }

  isEvent(ordinal: number): boolean {
    return this.entities[ordinal] === 0;
  }

  keyOf(ordinal: number): string {
    return fromUtf8(this.nameOf(ordinal));
  }

  txOf(ordinal: number): number {
    return readU48(this.nameOf(ordinal), 0);
  }

  /** Less than 0 when the name of a row comes before another, which begins at `from` in its string. */
  private compareName(ordinal: number, name: string, from = 0): number {
    const start = this.startOf(ordinal);
    const ownLength = (this.ends[ordinal] ?? 0) - start;
    const length = Math.min(ownLength, name.length - from);
    for (let i = 0; i < length; i += 1) {
      const difference = (this.names[start + i] ?? 0) - name.charCodeAt(from + i);
      if (difference !== 0) return difference;
    }
    return ownLength - (name.length - from);
  }

  /** The least i in [0, count) whose row does not come before a name. */
  private search(count: number, ordinalAt: (i: number) => number, name: string): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compareName(ordinalAt(middle), name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The ordinal of an entity, gone or not; its key as the bytes of its UTF-8. */
  findEntity(name: string): number | undefined {
    const at = this.search(this.sorted, (i) => i, name);
    return at < this.sorted && this.compareName(at, name) === 0 ? at : this.added.get(name);
  }

  /** The ordinal of an event, gone or not. */
  findEvent(tx: number): number | undefined {
    const name = u48(tx);
    const at = this.search(this.events.length, (i) => this.events[i] ?? 0, name);
    const ordinal = this.events[at];
    return ordinal !== undefined && this.compareName(ordinal, name) === 0 ? ordinal : undefined;
  }

  /** Gives a row of `current` that is not known yet its place. Events come in the order of their tx. */
  append(row: string, expiresAt: number): number {
    const ordinal = this.size;
    if (ordinal === this.capacity) this.grow();
    const start = this.startOf(ordinal);
    const end = start + row.length - bodyAt;
    if (end > this.names.length) this.growNames(end);
    for (let i = bodyAt; i < row.length; i += 1) this.names[start + i - bodyAt] = row.charCodeAt(i);
    this.ends[ordinal] = end;
    this.size += 1;
    this.ordered = undefined;
    if (isEventRow(row)) {
      this.events.push(ordinal);
    } else {
      this.entities[ordinal] = 1;
      const follows = ordinal === 0 || this.compareName(ordinal - 1, row, bodyAt) < 0;
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
    const bytes = (from: Uint8Array): Uint8Array => {
      const to = new Uint8Array(this.capacity);
      to.set(from);
      return to;
    };
    this.present = bytes(this.present);
    this.entities = bytes(this.entities);
    const ends = new Uint32Array(this.capacity);
    ends.set(this.ends);
    this.ends = ends;
    if (!this.expires) return;
    const expires = new Float64Array(this.capacity);
    expires.set(this.expires);
    this.expires = expires;
  }

  private growNames(least: number): void {
    const names = Buffer.allocUnsafeSlow(Math.max(least, Math.ceil(this.names.length * 1.5)));
    this.names.copy(names);
    this.names = names;
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
      while (base < this.sorted && this.compareName(base, name) < 0) order[at++] = base++;
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
