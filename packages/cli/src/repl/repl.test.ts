import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { complete } from './complete.js';
import { createEntries } from './entries.js';
import { highlight } from './highlight.js';
import { historyFile, holdsSecret, openHistory } from './history.js';
import { isUnfinished, onOneLine, scan } from './scan.js';

describe('lines become statements', () => {
  it.each([
    ['find users', false],
    ['save a @b { x: 1', true],
    ['save a @b x: "one', true],
    ["save a @b x: 'it is", true],
    ['save a @b x: "a \\" quote', true],
    ['save a @b x: "a \\\\"', false],
    ['save a @b x: "(["', false],
    ['find a where (b in (1, 2)', true],
    ['find a -- not (open', false],
    ['find a ) where', false],
    ['get a @"half', true],
  ])('%s', (text, unfinished) => expect(isUnfinished(text)).toBe(unfinished));

  it('waits for open brackets, and for nothing else', () => {
    const entries = createEntries();
    expect(entries.push(['save a @b {'])).toEqual([]);
    expect(entries.pending).toBe('save a @b {');
    expect(entries.push(['x: 1', '}', 'find a'])).toEqual(['save a @b {\nx: 1\n}', 'find a']);
    expect(entries.push(['find a'])).toEqual(['find a']);
    expect(entries.flush()).toEqual([]);
  });

  it('joins indented lines that came in one paste', () => {
    expect(createEntries().push(['find a', '  where b = 1', 'find c', '', '  .help'])).toEqual([
      'find a\n  where b = 1',
      'find c',
      '',
      '  .help',
    ]);
  });

  it('gives up what is half there', () => {
    const entries = createEntries();
    entries.push(['save a (']);
    entries.drop();
    expect(entries.push(['find a'])).toEqual(['find a']);
    entries.push(['save b (']);
    expect(entries.flush()).toEqual(['save b (']);
  });

  it('keeps a statement on one line', () => {
    expect(onOneLine('save a {\n  x: "1\n2" -- why\n}')).toBe('save a {   x: "1\\n2"  }');
  });

  it('loses nothing when cutting, whatever stands there', () => {
    for (const text of ['find users where a = "x" -- c', '@"', '"\\', '€ 日本 \u0000', "a--b // c\n'"]) {
      expect(
        scan(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }
  });
});

describe('colours', () => {
  const plain = (text: string) => text.replaceAll(/\u001b\[[\d;]*m/g, '');

  it('change no letter', () => {
    for (const text of ['find users where age > 3', 'save a @b find: 1', '"open'])
      expect(plain(highlight(text))).toBe(text);
  });
  it('know keywords from fields', () => {
    expect(highlight('find a')).toContain('\u001b[1;34mfind');
    expect(highlight('save a limit: 1')).not.toContain('mlimit');
    expect(highlight('find find')).toContain(' find');
  });
});

describe('Tab', () => {
  const words = {
    routes: ['users', 'orders', 'my/orders'],
    views: ['active'],
    fields: async (route: string) => (route === 'users' ? ['name', 'age', 'limits'] : ['amount']),
  };
  const offered = async (text: string) => (await complete(text, words))[0];

  it.each([
    ['fi', ['find']],
    ['find us', ['users']],
    ['find ', ['users', 'orders', 'my/orders', 'active']],
    ['find users whe', ['where']],
    ['find users where na', ['name']],
    ['find users where li', ['limits', 'limit']],
    ['find users where age > 3; find orders where am', ['amount']],
    ['find my/o', ['my/orders']],
    ['find users then pi', ['pick']],
    ['find orders join us', ['users']],
    ['find users where name = "us', []],
    ['.pl', ['.plan']],
    ['find users (\nwhere na', ['name']],
  ])('after %j', async (text, expected) => expect(await offered(text)).toEqual(expected));

  it('replaces what is typed', async () => expect((await complete('find us', words))[1]).toBe('us'));
});

describe('history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drops-history-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lives in the state folder', () => {
    expect(historyFile({ XDG_STATE_HOME: '/state' })).toBe('/state/drops/history');
    expect(historyFile({ HOME: '/home/x', XDG_STATE_HOME: '' })).toBe('/home/x/.local/state/drops/history');
  });

  it('is kept for the owner alone, newest first, without secrets', () => {
    const file = join(folder, 'deep', 'history');
    const history = openHistory(file);
    history.add('find a');
    history.add(`share a with @${'k'.repeat(43)}`);
    history.add('when a changes call "https://x" secret "s"');
    history.add('find b');
    expect(readFileSync(file, 'utf8')).toBe('find a\nfind b\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openHistory(file).entries).toEqual(['find b', 'find a']);
  });

  it('knows a key when it sees one', () => {
    expect(holdsSecret(`find x where a = "${'A-_'.repeat(14)}z"`)).toBe(true);
    expect(holdsSecret('find users where name = "keyboard"')).toBe(false);
  });

  it('does without a disk', () => {
    writeFileSync(join(folder, 'file'), '');
    const history = openHistory(join(folder, 'file', 'history'));
    history.add('find a');
    expect(history.entries).toEqual([]);
  });
});
