import { DropsError } from '@drops/diagnostics';
import type { TranslationTarget } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { translate } from '../translate.js';

function refusal(text: string, target: TranslationTarget): { readonly message: string; readonly at: string } {
  try {
    const { output } = translate(planOf(text), target);
    return { message: `no refusal: ${output}`, at: '' };
  } catch (error) {
    if (!(error instanceof DropsError)) throw error;
    const { code, message, span, status } = error.diagnostic;
    expect([code, status]).toEqual(['UNSUPPORTED', 400]);
    return { message, at: span ? text.slice(span.start, span.end) : '' };
  }
}

const long = 'n'.repeat(65);

describe('what SQL cannot express is refused, with the place and why', () => {
  it.each<readonly [TranslationTarget, string, string, string]>([
    [
      'sql',
      'find users/*',
      'PostgreSQL cannot express users/*: the tables below a route are not known',
      'users/*',
    ],
    [
      'mysql',
      'find users history',
      'MySQL cannot express history: a table holds the current rows only',
      'users',
    ],
    [
      'sqlite',
      'find users as of tx 4',
      'SQLite cannot express as of: a table holds the current rows only',
      'as of tx 4',
    ],
    [
      'sql',
      'get users @a history',
      'PostgreSQL cannot express history: a table holds the current rows only',
      'get users @a history',
    ],
    [
      'sql',
      'search docs "x" top 5',
      'PostgreSQL cannot express search: ranking is done by the indexes of a Drops store',
      'search docs "x" top 5',
    ],
    [
      'sql',
      'primitives dates { $gte: "2026-01-01" }',
      'PostgreSQL cannot express primitives: they are looked up across every route',
      'primitives dates { $gte: "2026-01-01" }',
    ],
    [
      'sql',
      'find users limit 5 after "abc"',
      'PostgreSQL cannot express a cursor: cursors belong to a Drops store',
      '"abc"',
    ],
    [
      'sql',
      'find users where source = "x"',
      'PostgreSQL cannot express the system column source: an exported table has _key and _created_at only',
      'source',
    ],
    [
      'sql',
      'find users then pick drop_id',
      'PostgreSQL cannot express the system column drop_id: an exported table has _key and _created_at only',
      'drop_id',
    ],
    [
      'sql',
      'save users @a n: 1 keep 60',
      'PostgreSQL cannot express keep: the table has no column for an expiry',
      'save users @a n: 1 keep 60',
    ],
    [
      'mysql',
      'save users @a n: 1 price 5',
      'MySQL cannot express price: the table has no column for a price',
      'save users @a n: 1 price 5',
    ],
    [
      'sqlite',
      'update users @a n: 1 if version = 3',
      'SQLite cannot express if version: the table has no column for a version',
      'if version = 3',
    ],
    [
      'sql',
      'save users @a _key: "b"',
      'PostgreSQL cannot express the field _key: the table has a system column of that name',
      '_key: "b"',
    ],
    [
      'mysql',
      'save users @a n: 1 N: 2',
      'MySQL cannot express the fields n and N: its column names ignore case, so both would be one column',
      'n: 1 N: 2',
    ],
    [
      'sql',
      'save users @a n: "\\u0000"',
      'PostgreSQL cannot express this text: its text cannot hold U+0000',
      'n: "\\u0000"',
    ],
    [
      'sql',
      'save users @a n: { m: "\\u0000" }',
      'PostgreSQL cannot express this value: its text cannot hold U+0000',
      'n: { m: "\\u0000" }',
    ],
    [
      'sql',
      'find users where n = "\\u0000"',
      'PostgreSQL cannot express this text: its text cannot hold U+0000',
      '"\\u0000"',
    ],
    [
      'sql',
      `find users where ${long} = 1`,
      `PostgreSQL cannot express the name "${long}": its names have at most 63 bytes`,
      long,
    ],
    [
      'mysql',
      `find users where ${long} = 1`,
      `MySQL cannot express the name "${long}": its names have at most 64 characters`,
      long,
    ],
    [
      'sql',
      'find users where "" = 1',
      'PostgreSQL cannot express the empty name: a column needs a name',
      '""',
    ],
    [
      'mysql',
      'find orders first city',
      'MySQL cannot express the aggregate first: it has no aggregate that takes one row by its order',
      'first city',
    ],
    [
      'mysql',
      'find orders distinct city',
      'MySQL cannot express the aggregate distinct: it has no aggregate that lists each value once',
      'distinct city',
    ],
    [
      'mysql',
      'find users where tags = ("a")',
      'MySQL cannot express equality of arrays or objects: it has no comparison of JSON by content',
      'tags = ("a")',
    ],
    [
      'sqlite',
      'find users where a = { b: 1 }',
      'SQLite cannot express equality of arrays or objects: it has no comparison of JSON by content',
      'a = { b: 1 }',
    ],
    [
      'sql',
      'find users where tags > ("a")',
      'PostgreSQL cannot express an order of arrays or objects: JSON values have no such order there',
      'tags > ("a")',
    ],
    [
      'sql',
      'find users where age in (1, "1")',
      'PostgreSQL cannot express a list of number and text: a column has one type',
      '(1, "1")',
    ],
    [
      'sql',
      'find users where a.b = .c',
      'PostgreSQL cannot express this comparison: a field inside a JSON column has no type of its own, and neither has what it is compared with',
      'a.b = .c',
    ],
    [
      'sql',
      'add 1 to users @a stats.n',
      'PostgreSQL cannot express a counter inside a JSON column: it is no column of its own',
      'add 1 to users @a stats.n',
    ],
    [
      'sql',
      'find users then save backup',
      'PostgreSQL cannot express a save of the rows found: the columns of the two tables are not known',
      'save backup',
    ],
    [
      'sql',
      'find users then send email to email subject "x" body "y"',
      'PostgreSQL cannot express mail send: a database does not do that',
      'send email to email subject "x" body "y"',
    ],
    [
      'sql',
      'mail to "a@b.c" subject "x"',
      'PostgreSQL cannot express mail send: a database does not do that',
      'mail to "a@b.c" subject "x"',
    ],
    [
      'sql',
      'run fn/x',
      'PostgreSQL cannot express run: it is no question about the rows of a table',
      'run fn/x',
    ],
  ])('%s: %s', (target, text, message, at) => {
    expect(refusal(text, target)).toEqual({ message, at });
  });
});
