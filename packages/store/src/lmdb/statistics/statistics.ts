import { u32 } from '../rows/binary-keys.js';
import type { Environment } from '../environment.js';
import type { Reader } from '../reader.js';

export interface Counts {
  readonly entities: number;
  readonly events: number;
}

/** How much a route holds; expired rows count until they are swept. */
export function readStatistics(environment: Environment, reader: Reader, routeId: number): Counts {
  const bytes = reader.get(environment.statistics, u32(routeId));
  return bytes
    ? { entities: bytes.readUIntBE(0, 6), events: bytes.readUIntBE(6, 6) }
    : { entities: 0, events: 0 };
}

/** Adds to the counts of a route, whose id is given as its row. */
export function addStatistics(environment: Environment, reader: Reader, row: string, sum: Counts): void {
  const before = reader.get(environment.statistics, row);
  const bytes = Buffer.allocUnsafe(12);
  bytes.writeUIntBE((before?.readUIntBE(0, 6) ?? 0) + sum.entities, 0, 6);
  bytes.writeUIntBE((before?.readUIntBE(6, 6) ?? 0) + sum.events, 6, 6);
  environment.statistics.putSync(row, bytes);
}
