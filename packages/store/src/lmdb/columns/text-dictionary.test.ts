import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDictionary } from './text-dictionary.js';

test('equal texts have one code, however they are given and however many there are', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat({ max: 400 }).map(String));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 600 }), (texts) => {
      const dictionary = new TextDictionary();
      const places = new Map<string, number>();
      for (const [i, item] of ['', '"', ...texts].entries()) {
        const json = Buffer.from(JSON.stringify(item));
        const code = i % 3 === 0 ? dictionary.codeOf(item) : dictionary.code(json, 1, json.length - 1);
        expect(dictionary.texts[code]).toBe(item);
        expect(code).toBe(places.get(item) ?? places.size);
        places.set(item, code);
      }
      expect(dictionary.texts).toEqual([...places.keys()]);
    }),
    { numRuns: 60 },
  );
});
