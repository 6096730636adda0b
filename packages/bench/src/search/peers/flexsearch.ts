import { library } from '../../system.js';
import type { TextPeer } from '../text-peer.js';

export const flexsearch: TextPeer = {
  name: 'flexsearch',
  setUp:
    'Index in memory, English encoder, context off; suggest finds any of the words; it has no scores of terms',
  async open({ documents }) {
    const { Index, Charset } = await library('flexsearch', () => import('flexsearch'));
    const index = new Index({ tokenize: 'strict', encoder: Charset.Default });
    const ids: string[] = [];
    const add = ({
      id,
      title,
      body,
      notes,
    }: {
      readonly id: string;
      readonly title: string;
      readonly body: string;
      readonly notes: string;
    }) => {
      index.add(ids.length, `${id} ${title} ${body} ${notes}`);
      ids.push(id);
    };
    for (const document of documents ?? []) add(document);
    return {
      query(text, top) {
        const found = index.search(text, { limit: top, suggest: true });
        return found.flatMap((id) => ids[Number(id)] ?? []);
      },
      add,
      bytes: () => undefined,
      close: () => undefined,
    };
  },
};
