import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { library } from '../../system.js';
import type { TextPeer } from '../text-peer.js';

const fields = ['id', 'title', 'body', 'notes'];

export const minisearch: TextPeer = {
  name: 'MiniSearch',
  setUp: 'in memory, saved as JSON; fuzzy: 0.2 and prefixes, as its manual suggests',
  async open({ folder, documents }) {
    const { default: MiniSearch } = await library('minisearch', () => import('minisearch'));
    const file = join(folder, 'index.json');
    const saved = !documents && existsSync(file);
    const index = saved
      ? MiniSearch.loadJSON(readFileSync(file, 'utf8'), { fields })
      : new MiniSearch({ fields });
    if (documents) index.addAll([...documents]);
    const ids = (found: readonly { readonly id: unknown }[], top: number) =>
      found.slice(0, top).map(({ id }) => String(id));
    return {
      query: (text, top) => ids(index.search(text), top),
      fuzzy: (text, top) => ids(index.search(text, { fuzzy: 0.2, prefix: true }), top),
      add: (document) => index.add(document),
      bytes() {
        writeFileSync(file, JSON.stringify(index));
        return statSync(file).size;
      },
      close: () => undefined,
    };
  },
};
