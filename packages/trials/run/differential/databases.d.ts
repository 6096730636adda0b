import type { SqlDialectName } from '@drops/ir';
import type { DriverRow } from './compare.js';
/** A database that answers translations; its tables are its own and go with it. */
export interface Database {
    readonly name: string;
    readonly dialect: SqlDialectName;
    run(sql: string): Promise<readonly DriverRow[]>;
    /** Runs a script as an export is one. */
    load(script: string): Promise<void>;
    close(): Promise<void>;
}
/** PostgreSQL of DROPS_TEST_PG_URL, in a database of its own that orders by code point. */
export declare function openPostgres(): Promise<Database>;
/** MariaDB or MySQL of DROPS_TEST_MARIADB_URL, in a database of its own that orders by code point. */
export declare function openMariadb(): Promise<Database>;
/** SQLite in memory. */
export declare function openSqlite(): Promise<Database>;
//# sourceMappingURL=databases.d.ts.map