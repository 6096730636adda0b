import { createHash } from 'node:crypto';
import { derivedTables, type Environment } from '../environment.js';
import type { Table } from '../table.js';

/** Every row of a table as text: what two stores are compared by. */
export function rowsOf(table: Table): readonly string[] {
  const rows: string[] = [];
  for (const { key, value } of table.getRange({ start: '', end: '\xff' })) {
    rows.push(`${Buffer.from(key, 'latin1').toString('hex')} ${value.toString('hex')}`);
  }
  return rows;
}

/** All derived tables, byte by byte. */
export function derivedBytes(environment: Environment): readonly (readonly string[])[] {
  return derivedTables(environment).map(rowsOf);
}

/** One hash over truth and derived tables. */
export function digestOf(environment: Environment): string {
  const hash = createHash('sha256');
  const { log, payloads, chain, routes } = environment;
  for (const table of [log, payloads, chain, routes, ...derivedTables(environment)]) {
    for (const row of rowsOf(table)) hash.update(`${row}\n`);
  }
  return hash.digest('hex');
}
