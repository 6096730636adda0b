import { join } from 'node:path';
import { openSqlite } from '../../peers/sqlite.js';
import type { TextDocument, TextPeer } from '../text-peer.js';
import { folderBytes } from './drops.js';

/** Any of the words, as text that means nothing else to FTS5. */
export function anyWord(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `"${word}"`).join(' OR ');
}

export const fts5: TextPeer = {
  name: 'SQLite FTS5',
  setUp: "better-sqlite3, WAL, synchronous FULL; tokenize = 'porter unicode61', order by rank",
  async open({ folder, documents }) {
    const db = await openSqlite(join(folder, 'texts.db'));
    db.exec(
      "CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5(id, title, body, notes, tokenize = 'porter unicode61')",
    );
    const insert = db.prepare('INSERT INTO texts VALUES (@id, @title, @body, @notes)');
    const write = db.transaction((batch: readonly TextDocument[]) => {
      for (const document of batch) insert.run(document);
    });
    if (documents) {
      for (let i = 0; i < documents.length; i += 1000) write(documents.slice(i, i + 1000));
    }
    const select = db
      .prepare<[string, number], string>('SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?')
      .pluck();
    return {
      query(text, top) {
        const match = anyWord(text);
        return match === '' ? [] : select.all(match, top);
      },
      add: (document) => void insert.run(document),
      bytes() {
        db.pragma('wal_checkpoint(TRUNCATE)');
        return folderBytes(folder);
      },
      close: () => void db.close(),
    };
  },
};
