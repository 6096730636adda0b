import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { User } from '../data.js';
import { argumentsOf, library, scanned, type Peer } from '../system.js';
import { orderColumns, orderTable, queries, userColumns, userIndexes, userTable } from './sql.js';

const types = { text: 'VARCHAR', real: 'DOUBLE', whole: 'INTEGER' };
const whole = new Set(['age', 'placed']);

/** The appender: DuckDB's own way in bulk. */
async function append(
  connection: DuckDBConnection,
  table: string,
  columns: readonly string[],
  rows: readonly object[],
): Promise<void> {
  const appender = await connection.createAppender(table);
  for (const row of rows) {
    const record = new Map<string, unknown>(Object.entries(row));
    for (const column of columns) {
      const value = record.get(column);
      if (typeof value === 'string') appender.appendVarchar(value);
      else if (whole.has(column)) appender.appendInteger(Number(value));
      else appender.appendDouble(Number(value));
    }
    appender.endRow();
  }
  appender.closeSync();
}

export const duckdb: Peer = {
  name: 'DuckDB',
  setUp: '@duckdb/node-api, a file, prepared statements, all cores, the appender for bulk',
  async open({ folder, sizes, data }) {
    const { DuckDBInstance } = await library('@duckdb/node-api', () => import('@duckdb/node-api'));
    const instance = await DuckDBInstance.create(join(folder, 'bench.duckdb'));
    const connection = await instance.connect();
    if (data) {
      await connection.run(userTable('users', types));
      await connection.run(orderTable(types));
      await append(connection, 'users', userColumns, data.users);
      await append(connection, 'orders', orderColumns, data.orders);
      await connection.run('CHECKPOINT');
    }
    const of = argumentsOf(sizes);
    const sql = queries((position) => `$${position}`);
    const scan = await connection.prepare(sql.scan);
    scan.bindInteger(1, scanned.age);
    scan.bindVarchar(2, scanned.status);
    scan.bindDouble(3, of.middleScore);
    const group = await connection.prepare(sql.group.replace('count(*)', 'count(*)::INTEGER'));
    const joinGrouped = await connection.prepare(sql.joinGrouped.replace('count(*)', 'count(*)::INTEGER'));
    const all = async (statement: typeof scan) => (await statement.runAndReadAll()).getRowObjectsJS();
    let loads = 0;
    return {
      operations: { scan: () => all(scan), group: () => all(group), joinGrouped: () => all(joinGrouped) },
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      async bulkLoad(users: readonly User[]) {
        loads += 1;
        const table = `load${loads}`;
        await connection.run(userTable(table, types));
        for (const index of userIndexes(table)) await connection.run(index);
        await append(connection, table, userColumns, users);
      },
      async close() {
        connection.closeSync();
        instance.closeSync();
      },
    };
  },
};
