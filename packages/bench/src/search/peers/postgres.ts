import { library } from '../../system.js';
import { Absent } from '../../system.js';
import type { TextPeer } from '../text-peer.js';

/** PostgreSQL where one runs, with a schema of its own. */
export const postgresText: TextPeer = {
  name: 'PostgreSQL ts_rank',
  setUp: "to_tsvector('english'), any of the words, ts_rank_cd; title weighted A",
  async open({ documents }) {
    const { default: pg } = await library('pg', () => import('pg'));
    const client = new pg.Client({ host: '127.0.0.1', port: 5432, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
    } catch (thrown) {
      throw new Absent(
        `no PostgreSQL at 127.0.0.1:5432: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
    }
    // Temporary: gone with the connection.
    await client.query('CREATE TEMP TABLE texts (id text, words tsvector)');
    const insert =
      "INSERT INTO texts SELECT id, setweight(to_tsvector('english', id || ' ' || title), 'A') || to_tsvector('english', body || ' ' || notes) " +
      'FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t(id, title, body, notes)';
    for (let i = 0; documents && i < documents.length; i += 1000) {
      const batch = documents.slice(i, i + 1000);
      await client.query(insert, [
        batch.map(({ id }) => id),
        batch.map(({ title }) => title),
        batch.map(({ body }) => body),
        batch.map(({ notes }) => notes),
      ]);
    }
    await client.query('CREATE INDEX ON texts USING gin (words)');
    const select =
      "SELECT id FROM texts, (SELECT to_tsquery('english', $1) AS q) AS question WHERE words @@ q ORDER BY ts_rank_cd(words, q) DESC, id LIMIT $2";
    return {
      async query(text, top) {
        const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' | ');
        if (words === '') return [];
        const { rows } = await client.query<{ id: string }>(select, [words, top]);
        return rows.map(({ id }) => id);
      },
      async add({ id, title, body, notes }) {
        await client.query(insert, [[id], [title], [body], [notes]]);
      },
      bytes: () => undefined,
      close: () => client.end(),
    };
  },
};
