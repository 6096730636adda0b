import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import initSqlJs from 'sql.js';
const unique = () => `drops_differential_${process.pid}_${Date.now().toString(36)}`;
/** PostgreSQL of DROPS_TEST_PG_URL, in a database of its own that orders by code point. */
export async function openPostgres() {
    const url = process.env['DROPS_TEST_PG_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test';
    const name = unique();
    const around = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
    await around.connect();
    await around.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: own.href });
    await client.connect();
    const version = await client.query('SHOW server_version');
    return {
        name: `PostgreSQL ${version.rows[0]?.server_version.split(' ')[0] ?? ''}`,
        dialect: 'sql',
        run: async (sql) => (await client.query(sql)).rows,
        load: async (script) => {
            await client.query(script);
        },
        close: async () => {
            await client.end();
            await around.query(`DROP DATABASE ${name}`);
            await around.end();
        },
    };
}
/** MariaDB or MySQL of DROPS_TEST_MARIADB_URL, in a database of its own that orders by code point. */
export async function openMariadb() {
    const uri = process.env['DROPS_TEST_MARIADB_URL'] ?? 'mysql://root@127.0.0.1:3306/test';
    const name = unique();
    const connection = await createConnection({
        uri,
        connectTimeout: 3000,
        charset: 'utf8mb4',
        multipleStatements: true,
    });
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`);
    await connection.query(`USE ${name}`);
    const query = async (sql) => {
        const [rows] = await connection.query(sql);
        return Array.isArray(rows)
            ? rows.filter((row) => !Array.isArray(row))
            : [];
    };
    const [version] = await query('SELECT version() AS v');
    return {
        name: `MariaDB ${String(version?.['v']).split('-')[0]}`,
        dialect: 'mysql',
        run: query,
        load: async (script) => {
            await connection.query(script);
        },
        close: async () => {
            await connection.query(`DROP DATABASE ${name}`);
            await connection.end();
        },
    };
}
/** SQLite in memory. */
export async function openSqlite() {
    // SQLite's own functions, not the ones the library once brought along.
    const native = {
        useOldExtensionFunctions: false,
    };
    const { Database: Sqlite } = await initSqlJs(native);
    const db = new Sqlite();
    const run = (sql) => {
        const statement = db.prepare(sql);
        const rows = [];
        while (statement.step())
            rows.push(statement.getAsObject());
        statement.free();
        return rows;
    };
    return {
        name: `SQLite ${String(run('SELECT sqlite_version() AS v')[0]?.['v'])}`,
        dialect: 'sqlite',
        run: async (sql) => run(sql),
        load: async (script) => {
            db.exec(script);
        },
        close: async () => db.close(),
    };
}
//# sourceMappingURL=databases.js.map