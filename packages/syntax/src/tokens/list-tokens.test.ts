import { expect, test } from 'vitest';
import { tokens } from './list-tokens.js';

const listed = (text: string) => tokens(text).map(({ type, text: image }) => `${type} ${image}`);

test('each token has its type', () => {
  expect(listed('save a/b @"c/d" name: "x" .f 2.5 $p 14:30 == -- why')).toEqual([
    'keyword save',
    'route a/b',
    'key @"c/d"',
    'label name',
    'symbol :',
    'string "x"',
    'field .f',
    'number 2.5',
    'parameter $p',
    'time 14:30',
    'symbol ==',
    'comment -- why',
  ]);
});

test.each([
  ['my--route', ['word my--route']],
  ['a -- b', ['word a', 'comment -- b']],
  ['"http://x" //y', ['string "http://x"', 'comment //y']],
  [
    '9am 2026-03-01 3d 1e5 1e+5 1e-5',
    ['word 9am', 'word 2026-03-01', 'word 3d', 'number 1e5', 'number 1e+5', 'number 1e-5'],
  ],
  ['a-b a - b a -1', ['word a-b', 'word a', 'symbol -', 'word b', 'word a', 'symbol -', 'number 1']],
  ['a/b a / b users/*', ['route a/b', 'word a', 'symbol /', 'word b', 'route users/*']],
  ['-Abc_9/notes .well-known/acme .role', ['route -Abc_9/notes', 'route .well-known/acme', 'field .role']],
  ['@user-123 @_config @$id @', ['key @user-123', 'key @_config', 'key @$id', 'unknown @']],
  ['5. .5 ...', ['number 5', 'unknown .', 'unknown .', 'number 5', 'unknown ...']],
  ['"a\\"b" \'it"s\' "open', ['string "a\\"b"', "string 'it\"s'", 'unknown "open']],
  ['where: where', ['label where', 'symbol :', 'keyword where']],
  ['a>=1!=2<3', ['word a', 'symbol >=', 'number 1', 'symbol !=', 'number 2', 'symbol <', 'number 3']],
  ['\ufeffa\u00a0b', ['word a', 'word b']],
])('%s', (text, expected) => {
  expect(listed(text)).toEqual(expected);
});

test('spans lie where the text is', () => {
  const text = 'find  "a"\n-- b\n@c';
  for (const { text: image, span } of tokens(text)) expect(text.slice(span.start, span.end)).toBe(image);
});
