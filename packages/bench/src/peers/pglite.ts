import { library, type Peer } from '../system.js';
import { load, postgresSystem, type Query } from './postgres-system.js';

export const pglite: Peer = {
  name: 'PGlite',
  setUp: 'PostgreSQL in WebAssembly in process, its files on disk; its client prepares a statement each time',
  async open(setting) {
    const { PGlite } = await library('@electric-sql/pglite', () => import('@electric-sql/pglite'));
    const database = await PGlite.create(`file://${setting.folder}`);
    const query: Query = (text, values) => database.query(text, [...values]);
    if (setting.data) await load(query, setting.data);
    return { ...postgresSystem(query, query, setting), close: () => database.close() };
  },
};
