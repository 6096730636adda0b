import { expect, it } from 'vitest';
import { highlight } from './highlight.js';
import { termOf } from './stem.js';

const terms = (...words: string[]) => new Set(words.map(termOf));

it('marks the words that were found, in any form, in the texts that have them', () => {
  const payload = { title: 'Deployments failed', note: 'nothing', tags: ['a deploy', 'b'], vector: [1, 2] };
  expect(highlight(payload, terms('deploy'))).toEqual({
    title: '<mark>Deployments</mark> failed',
    'tags[0]': 'a <mark>deploy</mark>',
  });
  expect(highlight('Café au lait', terms('cafe'))).toEqual({ payload: '<mark>Café</mark> au lait' });
  expect(highlight({ a: { b: 'getUserMedia' } }, terms('getusermedia'))).toEqual({
    'a.b': '<mark>getUserMedia</mark>',
  });
  expect(highlight({ a: '東京都に' }, terms('京都'))).toEqual({ a: '<mark>東京都に</mark>' });
});

it('shows a piece of a long text around the first word', () => {
  const long = `${'before '.repeat(60)}needle ${'after '.repeat(60)}`;
  const { text = '' } = highlight({ text: long }, terms('needle'));
  expect(text).toMatch(/^…before .*<mark>needle<\/mark> after .*…$/);
  expect(text.length).toBeLessThan(200);
});

it('is HTML text: what a payload holds of it stays text', () => {
  expect(highlight({ x: '<b>word</b> & <script>' }, terms('word'))).toEqual({
    x: '&lt;b&gt;<mark>word</mark>&lt;/b&gt; &amp; &lt;script&gt;',
  });
});
