import { library } from '../../system.js';
import type { TextPeer } from '../text-peer.js';

export const orama: TextPeer = {
  name: 'Orama',
  setUp: 'in memory; English stemmer; fuzzy: tolerance 1',
  async open({ documents }) {
    const { create, insert, insertMultiple, search } = await library(
      '@orama/orama',
      () => import('@orama/orama'),
    );
    const { stemmer, language } = await library('@orama/stemmers', () => import('@orama/stemmers/english'));
    const schema = { name: 'string', title: 'string', body: 'string', notes: 'string' } as const;
    const db = create({ schema, components: { tokenizer: { stemming: true, language, stemmer } } });
    const row = ({
      id,
      ...rest
    }: {
      readonly id: string;
      readonly title: string;
      readonly body: string;
      readonly notes: string;
    }) => ({
      name: id,
      ...rest,
    });
    if (documents) await insertMultiple(db, documents.map(row), 1000);
    const find = async (term: string, limit: number, tolerance?: number) => {
      const { hits } = await search(db, { term, limit, ...(tolerance !== undefined && { tolerance }) });
      return hits.map(({ document }) => document.name);
    };
    return {
      query: (text, top) => find(text, top),
      fuzzy: (text, top) => find(text, top, 1),
      async add(document) {
        await insert(db, row(document));
      },
      bytes: () => undefined,
      close: () => undefined,
    };
  },
};
