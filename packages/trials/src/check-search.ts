import { openSearch, type TextMatches, type TextSearch } from '@drops/search';
import type { LocalStore } from '@drops/store';
import type { Writer } from './writers.js';

async function search(
  store: LocalStore,
  text: TextSearch,
  route: string,
  word: string,
): Promise<TextMatches> {
  const snapshot = store.snapshot();
  try {
    const request = { scope: { route, visible: () => true }, text: word, count: 10, read: () => undefined };
    return await text.search(snapshot, request, false);
  } finally {
    snapshot.release();
  }
}

/**
 * Searches a store for everything that was written to it, first by what the cut off process left of the index, then, with
 * the rest of the log in segments, by what the next one will find. Gives what was not found, in words.
 */
export async function checkSearch(
  store: LocalStore,
  writers: readonly Writer[],
  applied: readonly number[],
): Promise<readonly string[]> {
  const indexes = openSearch(store);
  const problems: string[] = [];
  const lookForAll = async (when: string): Promise<void> => {
    for (const [at, writer] of writers.entries()) {
      for (let i = 0; writer.found && i < (applied[at] ?? 0); i += 1) {
        const { route, word, key } = writer.found(i);
        const { hits } = await search(store, indexes.text, route, word);
        if (hits[0]?.key !== key)
          problems.push(`a search for ${word} does not find ${route} @${key} ${when}`);
      }
    }
  };
  try {
    await lookForAll('after the crash');
    await indexes.text.settled();
    await lookForAll('once it is in a segment');
  } finally {
    await indexes.close();
  }
  return problems;
}
