import { describe, expect, it } from 'vitest';
import { termOf } from './stem.js';
import { innerWordsOf, wordsOf } from './tokens.js';

describe('the words of a text', () => {
  it.each([
    ['Deploy failed: 3 errors!', ['deploy', 'failed', '3', 'errors']],
    ['deploy-error_2024.log', ['deploy', 'error', '2024', 'log']],
    ["the dog's bone isn't here", ['the', 'dog', 'bone', 'isnt', 'here']],
    ['Crème brûlée, ÅNGSTRÖM', ['creme', 'brulee', 'angstrom']],
    ['Straße Łódź København', ['strasse', 'lodz', 'kobenhavn']],
    ['ﬁne ① ｆｕｌｌ', ['fine', '1', 'full']],
    ['Ελλάδος ΕΛΛΆΔΟΣ', ['ελλαδοσ', 'ελλαδοσ']],
    ['Ёлка ёлка', ['елка', 'елка']],
    ['東京都に行く', ['東京', '京都', '都に', 'に行', '行く']],
    ['猫', ['猫']],
    ['Node入門guide', ['node', '入門', 'guide']],
    ['한국어 검색', ['한국어', '검색']],
    ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
    ['', []],
    ['!!! … —', []],
  ])('%s', (text, words) => {
    expect(wordsOf(text)).toEqual(words.map((word) => word.normalize('NFC')));
  });

  it('are cut where nobody writes longer ones', () => {
    expect(wordsOf('x'.repeat(1000))).toEqual(['x'.repeat(48)]);
  });

  it('are taken out of names in camel case', () => {
    expect(innerWordsOf('AudioContext and getUserMedia')).toEqual([
      'audio',
      'context',
      'get',
      'user',
      'media',
    ]);
    expect(innerWordsOf('HTML is no such name')).toEqual([]);
  });
});

describe('terms', () => {
  it.each([
    ['deploy', 'deployment', 'deployed', 'deploying'],
    ['search', 'searches', 'searching', 'searched'],
    ['happy', 'happiness'],
  ])('bring the forms of a word together: %s', (...words) => {
    expect(new Set(words.map(termOf)).size).toBe(1);
  });

  it('leave other scripts and short words as they are', () => {
    expect(['gas', 'élan', '東京', '2024s'].map(termOf)).toEqual(['gas', 'élan', '東京', '2024s']);
  });
});
