import { describe, expect, it } from 'vitest';
import type { Json } from '@drops/ir';
import type { Operation } from '@drops/store';
import { manifestKey, readManifest } from './manifest.js';
import { openTestIndex, type TestIndex } from './store.fixture.js';
import { openTextIndex } from './text-index.js';

/** Numbers that follow from a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const vocabulary = (
  'deploy deployed deployment error errors timeout server login café schema 東京都 backup restore ' +
  'index query latency cache network disk memory thread'
).split(' ');

/** Random changes of three routes: entities come, change and go, and so do events. */
function changes(random: (below: number) => number, count: number, events: number[]): Operation[] {
  const text = () =>
    Array.from({ length: 1 + random(12) }, () => vocabulary[random(vocabulary.length)]).join(' ');
  const routes = ['docs', 'docs/sub', 'docs-other'];
  return Array.from({ length: count }, (): Operation => {
    const route = routes[random(3)] ?? 'docs';
    const roll = random(20);
    const hidden = roll === 0 ? events.splice(random(events.length), 1)[0] : undefined;
    if (hidden !== undefined) return { kind: 'hide', route: 'docs', tx: hidden };
    if (roll < 4) return { kind: 'put', route, key: null, payload: { note: text() } };
    return { kind: 'put', route, key: `k${random(250)}`, payload: { title: text(), tags: [text()] } };
  });
}

async function change(at: TestIndex, operations: readonly Operation[], events: number[]): Promise<void> {
  const { results } = await at.store.commit({ operations, writer: null });
  for (const result of results) {
    if (result.kind === 'put' && result.drop.key === null && result.drop.route === 'docs') {
      events.push(result.drop.tx);
    }
  }
}

const queries = ['deploy', 'error timeout', 'depoly', 'cafe', '東京', 'memory thread disk', 'tim*'];

/** The index finds what reading everything finds. */
async function expectSame(at: TestIndex): Promise<void> {
  for (const route of ['docs', 'docs/sub', 'docs-other']) {
    for (const query of queries) {
      const found = await at.find(route, query, { count: 2000 });
      const read = await at.find(route, query, { count: 2000, past: true });
      expect(new Set(found), `${query} on ${route}`).toEqual(new Set(read));
      expect(found.length).toBe(read.length);
      if (query === 'deploy') expect(found.length).toBeGreaterThan(0);
    }
  }
}

describe('the text index', () => {
  it('finds the same as reading everything, through segments, merges, changes and restarts', async () => {
    const at = openTestIndex();
    const random = numbers(7);
    const events: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await change(at, changes(random, 250, events), events);
      await expectSame(at);
      await at.index().settled();
      if (round % 3 === 2) at.reopen();
      await expectSame(at);
    }
    await at.index().settled();
    const rows = at.store.derived?.('text');
    if (!rows) throw new TypeError('the store of a test keeps rows for others');
    const { segments, next } = readManifest(rows.get(manifestKey));
    expect(segments.length).toBeGreaterThan(0);
    // Some were merged.
    expect(next).toBeGreaterThan(segments.length);
  }, 60_000);

  it('gives the scores that one pass over all documents gives', async () => {
    const at = openTestIndex();
    const random = numbers(3);
    for (let round = 0; round < 5; round += 1) {
      const operations = Array.from({ length: 300 }, (_, i): Operation => {
        const body = Array.from({ length: 1 + random(90) }, () => vocabulary[random(vocabulary.length)]);
        return { kind: 'put', route: 'docs', key: `${round}-${i}`, payload: { body: body.join(' ') } };
      });
      await at.store.commit({ operations, writer: null });
      if (round < 4) await at.index().settled();
    }
    for (const query of queries) {
      const found = await at.matches('docs', query, { count: 25 });
      const read = await at.matches('docs', query, { count: 25, past: true });
      expect(found.hits.map(({ tx }) => tx)).toEqual(read.hits.map(({ tx }) => tx));
      found.hits.forEach(({ score }, i) => expect(score).toBeCloseTo(read.hits[i]?.score ?? 0, 9));
    }
  });

  it('sees every acknowledged write at once', async () => {
    const at = openTestIndex();
    for (let i = 0; i < 30; i += 1) {
      await at.put('docs', `k${i}`, { text: `number n${i}x` });
      expect(await at.find('docs', `n${i}x`)).toContain(`k${i}`);
    }
  });

  it('shows the current state only', async () => {
    const at = openTestIndex();
    await at.put('docs', 'a', 'first words');
    const before = at.snapshot();
    await at.put('docs', 'a', 'other ones');
    expect(await at.find('docs', 'first')).toEqual([]);
    expect(await at.find('docs', 'other')).toEqual(['a']);
    await at.remove('docs', 'a');
    expect(await at.find('docs', 'other')).toEqual([]);
    await at.put('docs', 'a', 'again there');
    expect(await at.find('docs', 'again')).toEqual(['a']);
    // Who looks at a state of before sees that one.
    expect(await at.find('docs', 'first', { snapshot: before })).toEqual(['a']);
    expect(await at.find('docs', 'again', { snapshot: before })).toEqual([]);
    before.release();
  });

  it('goes on from the segments of another process, and starts anew after a rebuild', async () => {
    const at = openTestIndex();
    const operations = Array.from({ length: 500 }, (_, i): Operation => {
      return { kind: 'put', route: 'docs', key: `k${i}`, payload: `word w${i}x` };
    });
    await at.store.commit({ operations, writer: null });
    await at.index().settled();
    at.reopen();
    expect(await at.find('docs', 'w77x')).toContain('k77');
    await at.store.admin.rebuild();
    expect(at.store.derived?.('text').get('manifest')).toBeUndefined();
    expect(await at.find('docs', 'w77x')).toContain('k77');
    await at.index().settled();
    expect(at.store.derived?.('text').get('manifest')).toBeDefined();
    expect(await at.find('docs', 'w477x')).toContain('k477');
  });

  it('is one for two processes: either finds what the other has written', async () => {
    const at = openTestIndex();
    const other = openTextIndex(at.store);
    const search = async (text: string) => {
      const snapshot = at.snapshot();
      const request = {
        scope: { route: 'docs', visible: () => true },
        text,
        count: 5,
        read: () => undefined,
      };
      const { hits } = await other.search(snapshot, request, false);
      snapshot.release();
      return hits.map(({ key }) => key);
    };
    const names = ['aaaa', 'bbbb', 'cccc'];
    for (let round = 0; round < 3; round += 1) {
      const operations = Array.from({ length: 300 }, (_, i): Operation => {
        return { kind: 'put', route: 'docs', key: `k${i}`, payload: `${names[round]}word${i}x` };
      });
      await at.store.commit({ operations, writer: null });
      await Promise.all([at.index().settled(), other.settled()]);
      expect((await search(`${names[round]}word7x`))[0]).toBe('k7');
      expect((await at.find('docs', `${names[round]}word8x`))[0]).toBe('k8');
      if (round > 0) expect(await search(`${names[round - 1]}word7x`)).toEqual([]);
    }
    other.close();
  });

  it('leaves out access lists and what the system keeps', async () => {
    const at = openTestIndex();
    await at.put('docs', '_access', { mode: 'secret' });
    await at.put('docs', 'a', { mode: 'open secret' });
    await at.put('__requests', 'x', { mode: 'secret' });
    expect(await at.find('docs', 'secret')).toEqual(['a']);
    expect(await at.find('docs', 'secret', { past: true })).toEqual(['a']);
    expect(await at.find('__requests', 'secret')).toEqual([]);
  });
});

describe('what may not be read', () => {
  it('is not found, and changes no score and no figure', async () => {
    const [alone, mixed] = [openTestIndex(), openTestIndex()];
    const own = (at: TestIndex, i: number) =>
      at.put('team/own', `k${i}`, { text: `budget plan ${i % 3 === 0 ? 'secret' : 'open'} number ${i}` });
    for (let i = 0; i < 40; i += 1) {
      await own(alone, i);
      await own(mixed, i);
      await mixed.put('team/hidden', `h${i}`, { text: 'secret budget '.repeat(1 + (i % 9)) });
    }
    const hidden = Array.from({ length: 200 }, (_, i): Operation => {
      return { kind: 'put', route: 'team/own/hidden', key: `h${i}`, payload: { text: 'plan secrets' } };
    });
    await mixed.store.commit({ operations: hidden, writer: null });
    const visible = (route: string) => !route.endsWith('hidden');
    const expectAlike = async (): Promise<void> => {
      for (const text of ['secret', 'budget plan', 'secert', 'plan secret number']) {
        const expected = await alone.matches('team', text);
        const found = await mixed.matches('team', text, { visible });
        expect(found.hits.map(({ key, score }) => [key, score])).toEqual(
          expected.hits.map(({ key, score }) => [key, score]),
        );
        expect(found.hits.length).toBeGreaterThan(0);
        expect([found.compared, found.words]).toEqual([expected.compared, expected.words]);
      }
    };
    await expectAlike();
    // The same out of a segment, in which the hidden routes stand between.
    await mixed.index().settled();
    mixed.reopen();
    await expectAlike();
    expect(mixed.store.derived?.('text').get('manifest')).toBeDefined();
  });
});

describe('ranking', () => {
  it('puts the word before what is one edit away, and finds that all the same', async () => {
    const at = openTestIndex();
    await at.put('docs', 'near', 'deploymant');
    await at.put('docs', 'exact', 'deployment');
    expect(await at.find('docs', 'deployment')).toEqual(['exact', 'near']);
    for (const misspelt of ['deploymnt', 'deploymentt', 'depIoyment', 'dpeloyment']) {
      expect(await at.find('docs', misspelt), misspelt).toContain('exact');
    }
    expect(await at.find('docs', 'dpelyoment')).toEqual([]);
    // The next number is another thing.
    await at.put('docs', 'order', 'order10017');
    expect(await at.find('docs', 'order10018')).toEqual([]);
    expect(await at.find('docs', 'order10017')).toEqual(['order']);
  });

  it('finds a misspelling beside a word that is in many documents, whichever of them is misspelt', async () => {
    const at = openTestIndex();
    const many = (count: number, name: string, payload: Json): Operation[] =>
      Array.from({ length: count }, (_, i) => ({ kind: 'put', route: 'docs', key: `${name}${i}`, payload }));
    const one = (key: string, payload: Json): Operation => ({ kind: 'put', route: 'docs', key, payload });
    const operations = [
      ...many(400, 'common', 'release notes of a common kind'),
      ...many(12, 'plain', 'another quasar'),
      one('misspelt', 'relaese quasar'),
      one('right', 'the release of the year, in a longer text, with a quarterback'),
    ];
    await at.store.commit({ operations, writer: null });
    for (const place of ['memory', 'segments']) {
      // The rare word is misspelt in the query.
      expect((await at.find('docs', 'release qarterback', { count: 5 }))[0], place).toBe('right');
      // The common word is misspelt in the document: the other documents of the rare one do not hold it at all.
      expect((await at.find('docs', 'release quasar', { count: 5 }))[0], place).toBe('misspelt');
      await at.index().settled();
    }
  });

  it('ranks alike however few are wanted', async () => {
    const at = openTestIndex();
    for (let i = 0; i < 3; i += 1) await at.put('docs', `typo${i}`, 'recieve');
    for (let i = 0; i < 9; i += 1) await at.put('docs', `both${i}`, 'receive mail');
    const all = await at.find('docs', 'recieve mail', { count: 20 });
    for (const count of [1, 2, 3]) {
      expect(await at.find('docs', 'recieve mail', { count })).toEqual(all.slice(0, count));
    }
  });

  it('prefers more of the words, rarer words, and shorter texts', async () => {
    const at = openTestIndex();
    await at.put('docs', 'both', 'apple pear');
    await at.put('docs', 'one', 'apple');
    await at.put('docs', 'long', `apple ${'filler '.repeat(50)}`);
    await at.put('docs', 'rare', 'quince plum');
    await at.put('docs', 'common', 'apple plum');
    expect((await at.find('docs', 'apple pear'))[0]).toBe('both');
    expect((await at.find('docs', 'apple')).at(-1)).toBe('long');
    expect(await at.find('docs', 'quince apple')).toEqual(['rare', 'one', 'both', 'common', 'long']);
  });

  it('finds by stop words when there is nothing else to find by', async () => {
    const at = openTestIndex();
    await at.put('docs', 'a', 'to be or not to be');
    expect(await at.find('docs', 'the')).toEqual([]);
    expect(await at.find('docs', 'to be')).toEqual(['a']);
  });

  it('orders equal scores by age', async () => {
    const at = openTestIndex();
    for (const key of ['c', 'a', 'b']) await at.put('docs', key, { text: 'same words', key: 'x' });
    expect(await at.find('docs', 'same', { count: 2 })).toEqual(['c', 'a']);
  });
});
