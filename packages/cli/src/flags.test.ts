import { describe, expect, it } from 'vitest';
import { UsageError } from './failures.js';
import { oneOf, parseArguments, portOf, soleWord } from './flags.js';
import { workerCount } from './settings.js';

const specs = {
  data: { value: 'DIR', about: '' },
  json: { about: '' },
  param: { value: 'NAME=JSON', about: '' },
};

describe('a command line', () => {
  it('is sorted into words and flags', () => {
    const args = parseArguments(
      ['find users', '--data', 'd', '--json', '--param=a=1', '--param', 'b=2'],
      specs,
    );
    expect(args.words).toEqual(['find users']);
    expect(args.text('data')).toBe('d');
    expect(args.has('json')).toBe(true);
    expect(args.all('param')).toEqual(['a=1', 'b=2']);
    expect(args.text('nothing')).toBeUndefined();
  });

  it.each([
    ['a dash', ['-'], ['-']],
    ['a statement that begins with a comment', ['-- all\nfind users'], ['-- all\nfind users']],
    ['what stands after two dashes', ['--', '--json'], ['--json']],
    ['an empty word', [''], ['']],
  ])('takes %s as a word', (_name, argv, words) => {
    expect(parseArguments(argv, specs).words).toEqual(words);
  });

  it.each([
    ['an unknown flag', ['--frob'], /unknown flag --frob/],
    ['a near flag', ['--jsno'], /did you mean '--json'/],
    ['a short flag', ['-x'], /unknown flag -x/],
    ['an inherited name', ['--constructor'], /unknown flag/],
    ['a missing value', ['--data'], /--data needs a value: --data DIR/],
    ['a flag as value', ['--data', '--json'], /--data needs a value/],
    ['a value for a switch', ['--json=yes'], /takes no value/],
  ])('refuses %s', (_name, argv, message) => {
    expect(() => parseArguments(argv, specs)).toThrow(UsageError);
    expect(() => parseArguments(argv, specs)).toThrow(message);
  });

  it('asks for one word', () => {
    expect(soleWord(['a'], 'statement')).toBe('a');
    expect(() => soleWord([], 'statement')).toThrow(/statement is missing/);
    expect(() => soleWord(['find', 'users'], 'statement')).toThrow(/in quotes/);
  });

  it('takes one of a set', () => {
    expect(oneOf('--to', 'sql', ['sql', 'curl'])).toBe('sql');
    expect(() => oneOf('--to', 'crul', ['sql', 'curl'])).toThrow(/sql\|curl; did you mean 'curl'/);
    expect(() => oneOf('--to', undefined, ['sql'])).toThrow(/missing/);
  });

  it.each(['', '0', '-1', '65', '2.5', 'two', '1e1'])('takes %j for no number of workers', (text) => {
    const args = parseArguments([`--workers=${text}`], { workers: { value: 'N', about: '' } });
    expect(() => workerCount(args)).toThrow(UsageError);
  });

  it.each(['', '-1', '65536', '80a', '1e3', '999999'])('takes %j for no port', (text) => {
    expect(() => portOf(text, '--port')).toThrow(UsageError);
  });
});
