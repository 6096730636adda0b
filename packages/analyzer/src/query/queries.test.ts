import { describe, expect, it } from 'vitest';
import { emptyCatalog, type Catalog } from '../index.js';
import { catalogOf, errorOf, lowerText, planOf, textOf } from '../lower-text.fixture.js';

/** Plan text as it is written in a test. */
function lines(...text: string[]): string {
  return text.join('\n');
}

describe('clauses', () => {
  it('apply in their fixed order', () => {
    expect(
      textOf(
        'find orders limit 3 sort total desc having total > 5 group city sum amount as total where paid = true',
      ),
    ).toBe(
      lines(
        'Query rows',
        '  Slice limit 3 paged',
        '    Sort total desc',
        '      Filter total > 5',
        '        Group by city total: sum(amount)',
        '          Filter paid = true',
        '            Scan orders',
      ),
    );
  });

  it('skip, limit and after make one page', () => {
    expect(textOf('find users skip 5 after "c" limit 10')).toBe(
      lines('Query rows', '  Slice offset 5 limit 10 paged after "c"', '    Scan users'),
    );
  });

  it('read the past, everything below a route, and history', () => {
    expect(textOf('find a/b/* history as of "2026-01-01"')).toBe(
      lines('Query rows', '  Scan a/b/* history as of "2026-01-01"'),
    );
  });

  it('bound what is written out', () => {
    expect(errorOf('search docs "x" top 1001')).toMatchObject({ code: 'TOP_K_TOO_LARGE', at: '1001' });
    expect(errorOf('find users limit 1.5')).toMatchObject({ at: '1.5' });
    expect(errorOf('find users as of "yesterday"')).toMatchObject({ code: 'TYPE_ERROR' });
    expect(errorOf('find users as of "2026-01-01T10:00:00"').code).toBe('TYPE_ERROR');
    expect(errorOf('find users as of "2026-02-30"').code).toBe('TYPE_ERROR');
  });
});

describe('names', () => {
  const fieldOf = (text: string) => {
    const plan = planOf(text);
    if (plan.kind !== 'Query' || plan.relation.kind !== 'Filter') throw new Error(text);
    const { predicate } = plan.relation;
    return predicate.kind === 'Cmp' ? predicate.left : predicate;
  };

  it('mean system columns when bare and payload otherwise', () => {
    expect(fieldOf('find r where key = 1')).toMatchObject({ scope: 'system', path: ['key'] });
    expect(fieldOf('find r where .key = 1')).toMatchObject({ scope: 'payload', path: ['key'] });
    expect(fieldOf('find r where payload.source = 1')).toMatchObject({ scope: 'payload', path: ['source'] });
    expect(fieldOf('find r where version = 1')).toMatchObject({ scope: 'payload', path: ['version'] });
    expect(fieldOf('find r where a.b[0].c = 1')).toMatchObject({
      scope: 'payload',
      path: ['a', 'b', 0, 'c'],
    });
  });

  it('are looked up left, then right, after a join', () => {
    const join = 'find o join u on user_id = key';
    expect(fieldOf(`${join} then where name = 1`)).toMatchObject({ scope: 'either', path: ['name'] });
    expect(fieldOf(`${join} then where key = 1`)).toMatchObject({ scope: 'system', path: ['key'] });
    expect(fieldOf(`${join} then where _joined.key = 1`)).toMatchObject({ scope: 'joined', path: ['key'] });
  });

  it('carry the type that a pattern gives', () => {
    const age = { name: 'age', type: 'number', required: false, array: false } as const;
    const names = { patterns: [{ name: 'users', version: '1', fields: [age] }] };
    const { plan } = lowerText('find users where age > 3', catalogOf(names));
    expect(JSON.stringify(plan)).toContain('"type":"number"');
  });

  it('are columns after a group', () => {
    expect(fieldOf('find o group a.b count then where a.b = 1')).toMatchObject({
      scope: 'column',
      path: ['a.b'],
    });
    expect(errorOf('find o group city count sort cuont')).toMatchObject({
      code: 'TYPE_ERROR',
      at: 'cuont',
      error: { hint: "did you mean 'count'?" },
    });
    expect(errorOf('find o group city sum amount as total having sum_amount > 1')).toMatchObject({
      at: 'sum_amount',
    });
  });

  it('are columns after a pick, and open after pick *', () => {
    expect(errorOf('find u then pick name then where age > 3')).toMatchObject({
      code: 'TYPE_ERROR',
      at: 'age',
    });
    expect(textOf('find u then pick * then where age > 3')).toContain('Filter age > 3');
    expect(textOf('find u group city count then pick *, n: count * 2')).toContain('Project *, n: count * 2');
  });

  it('never clash', () => {
    expect(errorOf('find o group sum_amount sum amount')).toMatchObject({ code: 'TYPE_ERROR' });
    expect(errorOf('find o group city count count').code).toBe('TYPE_ERROR');
    expect(errorOf('find u then pick a, b as a').code).toBe('TYPE_ERROR');
  });
});

describe('predicates', () => {
  it.each([
    ['a = null', 'a not exists'],
    ['a is null', 'a not exists'],
    ['a != null', 'a exists'],
    ['a is not null', 'a exists'],
    ['a between 1 and 3', 'a >= 1 and a <= 3'],
    ['a = 1 or b = 2 and c = 3', 'a = 1 or b = 2 and c = 3'],
    ['(a = 1 or b = 2) and c = 3', '(a = 1 or b = 2) and c = 3'],
    ['not (a = 1 and b = 2)', 'not (a = 1 and b = 2)'],
    ['a in (1, null)', 'a in [1,null]'],
    ['a in $list', 'a in $list'],
    ['a in (1, $x)', 'a in [1,$x]'],
    ['a + b * 2 > 3', 'a + b * 2 > 3'],
    ['(a + b) * 2 > 3', '(a + b) * 2 > 3'],
    ['lower(name) starts with "x"', 'lower(name) starts with "x"'],
    ['a = {b: 1, c: (2, 3)}', 'a = {"b":1,"c":[2,3]}'],
  ])('%s', (written, expected) => {
    expect(textOf(`find r where ${written}`)).toBe(lines('Query rows', `  Filter ${expected}`, '    Scan r'));
  });

  it('take queries of one column', () => {
    expect(textOf('find o where user in (find u where vip = true then pick key)')).toBe(
      lines(
        'Query rows',
        '  Filter user in (find u …)',
        '    Project key',
        '      Filter vip = true',
        '        Scan u',
        '    Scan o',
      ),
    );
    expect(errorOf('find o where user in (find u)')).toMatchObject({ code: 'TYPE_ERROR', at: 'find u' });
  });

  it('check functions', () => {
    expect(errorOf('find r where lowr(a) = "x"')).toMatchObject({
      code: 'TYPE_ERROR',
      error: { hint: "did you mean 'lower'?" },
    });
    expect(errorOf('find r where len(a, b) = 1').error.message).toContain('takes 1 argument, found 2');
  });

  it('keep __proto__ and constructor ordinary names', () => {
    const text = JSON.stringify(planOf('find r where a = {"__proto__": 1, constructor: 2}'));
    expect(text).toContain('{"__proto__":1,"constructor":2}');
  });
});

describe('shapes', () => {
  it.each([
    ['find u', 'rows'],
    ['list u', 'keys'],
    ['list u then pick name', 'rows'],
    ['list u then first', 'rows'],
    ['count u', 'count'],
    ['find u then count', 'count'],
    ['find u count', 'rows'],
    ['find u then count then pick count', 'rows'],
    ['u @a', 'drop'],
    ['u @a history', 'versions'],
    ['search u "x"', 'search'],
    ['search u "x" then limit 3', 'search'],
    ['search u "x" then pick name', 'rows'],
  ])('%s gives %s', (text, shape) => {
    expect(planOf(text)).toMatchObject({ kind: 'Query', shape });
  });

  it('search looks for 10 by default', () => {
    expect(textOf('search docs "x" where a = 1')).toBe(
      lines('Query search', '  Filter a = 1', '    Search docs "x" limit 10'),
    );
  });

  it('history of a key may be limited', () => {
    expect(textOf('get u @a history limit 2 as of tx 9')).toBe(
      lines('Query versions', '  Slice limit 2', '    Filter key = "a"', '      Scan u history as of tx 9'),
    );
  });
});

describe('pipes that act', () => {
  it('end a query', () => {
    expect(textOf('find a then save b')).toBe(lines('ForEach SaveEach b', '  Scan a'));
    expect(textOf('find a then save b @k')).toBe(lines('ForEach SaveAll b @"k"', '  Scan a'));
    expect(errorOf('find a then remove then first').code).toBe('SYNTAX_ERROR');
  });

  it('remove drops, as they are now', () => {
    expect(errorOf('find a then pick x then remove')).toMatchObject({ code: 'TYPE_ERROR', at: 'remove' });
    expect(errorOf('find a group x count then remove').code).toBe('TYPE_ERROR');
    expect(errorOf('find a history then remove').code).toBe('TYPE_ERROR');
  });

  it('send to fields or texts', () => {
    expect(textOf('find c then send email to email subject subject body "Hi"')).toContain(
      'InvokeEach mail.send to: email, subject: subject, body: "Hi"',
    );
    expect(errorOf('find c then pick name then send email to email')).toMatchObject({
      code: 'TYPE_ERROR',
      at: 'email',
    });
  });
});

describe('views', () => {
  const views = {
    active: 'find users where status = "active" as active',
    top: 'find orders group city count as n as top',
  };

  it('are replaced by what they are', () => {
    expect(textOf('find active where age > 3', { views })).toBe(
      lines('Query rows', '  Filter age > 3', '    Filter status = "active"', '      Scan users'),
    );
    expect(textOf('find top where n > 3 sort city', { views })).toBe(
      lines(
        'Query rows',
        '  Sort city',
        '    Filter n > 3',
        '      Group by city n: count()',
        '        Scan orders',
      ),
    );
    expect(textOf('active @k', { views })).toContain('Filter status = "active"');
    expect(textOf('list active', { views })).toContain('Filter key exists');
  });

  it('point to their name, not into the text that defined them', () => {
    const text = 'find active where age > 3';
    const found = JSON.stringify(planOf(text, { views })).matchAll(/"end":(\d+)/g);
    expect(Math.max(...[...found].map((m) => Number(m[1])))).toBeLessThanOrEqual(text.length);
  });

  it('stand on views, which may be defined again', () => {
    const nested = { ...views, old: 'find active where age > 60 as old' };
    expect(textOf('find active where age > 60 as old', { views })).toBe(
      lines('DefineView old', '  Filter age > 60', '    Scan active'),
    );
    expect(textOf('find old', { views: nested })).toBe(
      lines('Query rows', '  Filter age > 60', '    Filter status = "active"', '      Scan users'),
    );
  });

  it('keep their own limit, which is no page', () => {
    expect(textOf('find few', { views: { few: 'find users limit 3 as few' } })).toBe(
      lines('Query rows', '  Slice limit 3', '    Scan users'),
    );
  });

  it('never read themselves', () => {
    const stored = (text: string) => {
      const plan = planOf(text);
      return plan.kind === 'DefineView' ? plan.relation : undefined;
    };
    const loop: Catalog = {
      ...emptyCatalog,
      view: (name) =>
        name === 'a' ? stored('find b as a') : name === 'b' ? stored('find a as b') : undefined,
    };
    expect(() => lowerText('find a', loop)).toThrow('would read itself: a → b → a');
    expect(errorOf('find a as a')).toMatchObject({ code: 'TYPE_ERROR', at: 'a' });
    expect(errorOf('find b as a', { views: { b: 'find a as b' } }).code).toBe('TYPE_ERROR');
  });

  it('take no pipes, no history, and only a name of one word', () => {
    expect(errorOf('find active history', { views })).toMatchObject({ code: 'TYPE_ERROR', at: 'active' });
    expect(errorOf('get top @k', { views })).toMatchObject({ code: 'TYPE_ERROR', at: 'top' });
    expect(errorOf('find orders join top on city = city', { views })).toMatchObject({ code: 'TYPE_ERROR' });
  });

  it('warn when they hide a route, and when an alias makes none', () => {
    const hides = lowerText('find users as users2', catalogOf({ routes: ['users2'] }));
    expect(hides.warnings).toMatchObject([{ severity: 'warning', code: 'LIKELY_MISTAKE' }]);
    expect(lowerText('find o group city count as n').warnings).toHaveLength(1);
    expect(lowerText('find o group city count as n sort n').warnings).toHaveLength(0);
    expect(lowerText('find o group city count as n then first').warnings).toHaveLength(0);
  });
});

describe('facets', () => {
  it('are checked by their operators', () => {
    expect(errorOf('primitives dates { $gt: "soon" }').code).toBe('TYPE_ERROR');
    expect(errorOf('primitives amounts { $gtt: 3 }').error.hint).toContain('$gt');
    expect(errorOf('primitives locations { $near: { lat: 1, lon: 2 } }').code).toBe('TYPE_ERROR');
    expect(textOf('primitives amounts { $gt: $n } where a = 1 limit 3')).toContain(
      'FacetScan amounts {"$gt":$n}',
    );
  });
});
