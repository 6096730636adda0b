import { cityOf, userKey, type User } from '../data.js';
import { argumentsOf, batchRows, chunksOf, library, scanned, type Peer } from '../system.js';

export const surreal: Peer = {
  name: 'SurrealDB',
  setUp: 'embedded, @surrealdb/node on RocksDB with SURREAL_SYNC_DATA, statements with bindings',
  async open({ folder, sizes, data }) {
    process.env['SURREAL_SYNC_DATA'] = 'true';
    const { Surreal, RecordId } = await library('surrealdb', () => import('surrealdb'));
    const { createNodeEngines } = await library('@surrealdb/node', () => import('@surrealdb/node'));
    const database = new Surreal({ engines: createNodeEngines() });
    await database.connect(`rocksdb://${folder}/rocks`);
    await database.use({ namespace: 'bench', database: 'bench' });
    const query = async (text: string, bindings: Record<string, unknown> = {}): Promise<unknown> => {
      const [first] = await database.query<[unknown]>(text, bindings);
      return first;
    };
    const insert = async (table: string, rows: readonly { readonly key: string }[]): Promise<void> => {
      for (const batch of chunksOf(rows, batchRows)) {
        const records = batch.map((row) => ({ ...row, id: row.key }));
        await query(`INSERT INTO ${table} $records RETURN NONE`, { records });
      }
    };
    const define = async (table: string): Promise<void> => {
      await query(`DEFINE TABLE ${table} SCHEMALESS`);
      await query(`DEFINE INDEX city_score ON ${table} FIELDS city, score`);
      await query(`DEFINE INDEX score ON ${table} FIELDS score`);
    };
    if (data) {
      await define('users');
      await query('DEFINE TABLE orders SCHEMALESS');
      await query('DEFINE TABLE counters SCHEMALESS');
      await insert('users', data.users);
    }
    const of = argumentsOf(sizes);
    const increment = (n: number) =>
      query('UPSERT $id SET n += 1', { id: new RecordId('counters', of.counter(n)) });
    // Two that meet on one record: it asks for the second to be sent again.
    const incrementTogether = async (n: number): Promise<unknown> => {
      for (;;) {
        try {
          return await increment(n);
        } catch (thrown) {
          if (!(thrown instanceof Error && thrown.message.includes('can be retried'))) throw thrown;
        }
      }
    };
    let loads = 0;
    return {
      operations: {
        pointGet: (n) => query('SELECT * FROM ONLY $id', { id: new RecordId('users', userKey(of.user(n))) }),
        findPage: (n) =>
          query('SELECT * FROM users WHERE city = $city ORDER BY score DESC LIMIT 10', { city: cityOf(n) }),
        range: (n) =>
          query('SELECT * FROM users WHERE score >= $least ORDER BY score LIMIT 100', { least: of.score(n) }),
        scan: () =>
          query('SELECT * FROM users WHERE age = $age AND status = $status AND score < $below', {
            ...scanned,
            below: of.middleScore,
          }),
        group: () =>
          query(
            'SELECT city, count() AS count, math::sum(score) AS sum, math::mean(age) AS avg FROM users GROUP BY city',
          ),
        increment,
        incrementTogether,
      },
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      async bulkLoad(users: readonly User[]) {
        loads += 1;
        await define(`load${loads}`);
        await insert(`load${loads}`, users);
      },
      close: async () => void (await database.close()),
    };
  },
};
