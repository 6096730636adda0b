import { DropsError } from '@drops/diagnostics';
import { checkInvariants, equalPlans, planText, type Plan } from '@drops/ir';
import { beforeAll, describe, expect, test } from 'vitest';
import { lowerText, planOf as planOfText } from '../lower-text.fixture.js';
import { loadSqlParser } from './parser.js';

beforeAll(loadSqlParser);

const quoted = (sql: string): string => `sql "${sql.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function planOf(sql: string): Plan {
  const plan = planOfText(quoted(sql));
  checkInvariants(plan);
  return plan;
}

/** The plan as if it had come as Drops text. */
function withoutLanguage(plan: Plan): Plan {
  if (plan.kind !== 'Query') return plan;
  const { language: _, ...query } = plan;
  return query;
}

describe('a SELECT is the plan of the same sentence', () => {
  test.each([
    ['SELECT name FROM users WHERE age > 21', 'find users where age > 21 then pick name'],
    [
      'SELECT name, age FROM users ORDER BY age, name LIMIT 5',
      'find users sort age, name limit 5 then pick name, age',
    ],
    [
      'SELECT name FROM users ORDER BY age DESC NULLS LAST OFFSET 3',
      'find users sort age desc skip 3 then pick name',
    ],
    [
      'SELECT name AS n FROM users u WHERE u.vip AND NOT u.blocked',
      'find users where vip = true and blocked = false then pick n: name',
    ],
    [
      'SELECT _key AS k FROM "app/users" WHERE _key = \'a\'',
      'find app/users where key = "a" then pick k: key',
    ],
    ['SELECT name FROM "app/*"', 'find app/* then pick name'],
    [
      "SELECT a FROM t WHERE b IN (1, 2, NULL) OR c LIKE 'x%'",
      'find t where b in (1, 2) or c starts with "x" then pick a',
    ],
    [
      "SELECT a FROM t WHERE b LIKE '%x%' AND c LIKE '%x' AND d LIKE 'x'",
      'find t where b contains "x" and c ends with "x" and d = "x" then pick a',
    ],
    ['SELECT a FROM t WHERE b IS NULL AND c IS NOT NULL', 'find t where b = null and c exists then pick a'],
    ['SELECT a FROM t WHERE b BETWEEN 1 AND 2', 'find t where b >= 1 and b <= 2 then pick a'],
    ['SELECT a FROM t WHERE NOT (b > 1 OR c = 2)', 'find t where b <= 1 and c != 2 then pick a'],
    [
      "SELECT a FROM t WHERE meta->'x'->>'y' = 'z' AND l#>>'{p,0}' = 'q'",
      'find t where meta.x.y = "z" and l.p[0] = "q" then pick a',
    ],
    [
      'SELECT city, sum(amount) AS total, count(*) FROM orders GROUP BY city',
      'find orders group city sum amount as total count',
    ],
    ['SELECT count(*) FROM orders', 'find orders count'],
    [
      "SELECT city, avg(amount) AS a FROM orders WHERE status = 'paid' GROUP BY city HAVING avg(amount) > 5 ORDER BY a LIMIT 2",
      'find orders where status = "paid" group city avg amount as a having a > 5 then sort a then limit 2',
    ],
    [
      'SELECT amount, u.name FROM orders o JOIN users u ON o.user_id = u._key WHERE amount > 5',
      'find orders inner join users on payload.user_id = key where amount > 5 then pick amount, name: _joined.name',
    ],
    [
      'SELECT amount, name FROM orders o LEFT JOIN users u ON u._key = o.user_id',
      'find orders join users on payload.user_id = key then pick amount, name',
    ],
    [
      'SELECT name FROM users WHERE city IN (SELECT city FROM towns WHERE city IS NOT NULL)',
      'find users where city in (find towns where city exists then pick city) then pick name',
    ],
    [
      'SELECT lower(name) AS n, round(a / 3, 2) AS r, coalesce(a, 0) AS c FROM t',
      'find t then pick n: lower(name), r: round(a / 3, 2), c: coalesce(a, 0)',
    ],
    [
      "SELECT a FROM t WHERE _created_at >= '2026-01-01'",
      'find t where created_at >= "2026-01-01T00:00:00.000Z" then pick a',
    ],
    ['SELECT DISTINCT city FROM users', 'find users group city'],
    [
      'SELECT total FROM (SELECT sum(amount) AS total FROM orders GROUP BY city) s WHERE total > 5',
      'find orders group city sum amount as total then pick total then where total > 5',
    ],
  ])('%s', (sql, drops) => {
    const found = withoutLanguage(planOf(sql));
    const wanted = planOfText(drops);
    expect(planText(found)).toBe(planText(wanted));
    expect(equalPlans(found, wanted)).toBe(true);
  });
});

describe('what is unknown is not found', () => {
  const predicate = (condition: string): string => planText(planOf(`SELECT a FROM t WHERE ${condition}`));
  test.each([
    ['a = NULL', 'false'],
    ['NOT (a = NULL)', 'false'],
    ['a NOT IN (1, NULL)', 'false'],
    ['a NOT IN (1, 2)', 'not in'],
    ['a IS NOT TRUE', 'not'],
  ])('%s', (condition, part) => {
    expect(predicate(condition)).toContain(part);
  });
  test('NOT LIKE leaves nulls out', () => {
    expect(predicate("a NOT LIKE 'x%'")).toBe(predicate("NOT a LIKE 'x%'"));
    expect(predicate("a NOT LIKE 'x%'")).toContain('exists');
  });
  test('IN with a sub-select that may yield nulls leaves nulls out', () => {
    expect(predicate('a IN (SELECT b FROM u)')).toContain('exists');
  });
  test('NOT IN holds of everything where the sub-select yields nothing', () => {
    const sub = '(SELECT b FROM u WHERE b IS NOT NULL)';
    expect(predicate(`a NOT IN ${sub}`)).toMatch(/a not in .* or true not in /);
    expect(predicate(`NOT a IN ${sub}`)).toBe(predicate(`a NOT IN ${sub}`));
    expect(predicate(`a IN ${sub}`)).not.toContain(' or ');
    expect(predicate(`1 NOT IN ${sub}`)).not.toContain(' or ');
  });
  test('NOT IN of what is not null is that of Drops', () => {
    const sub = '(SELECT b FROM u WHERE b IS NOT NULL)';
    const drops = predicate(`a NOT IN ${sub} AND a IS NOT NULL`);
    expect(drops).not.toMatch(/ or | exists$/);
    expect(predicate(`a IS NOT NULL AND a NOT IN ${sub}`)).toBe(drops);
    expect(predicate(`a NOT IN ${sub} AND c IS NOT NULL`)).toContain(' or ');
    expect(predicate(`c = 1 OR (a NOT IN ${sub} AND a IS NOT NULL)`)).not.toContain(' true not in ');
  });
  test('nulls come first when PostgreSQL puts them first', () => {
    expect(planText(planOf('SELECT a FROM t ORDER BY a DESC'))).toContain('a exists');
    expect(planText(planOf('SELECT a FROM t ORDER BY a ASC NULLS FIRST'))).toContain('a exists');
    expect(planText(planOf('SELECT a FROM t ORDER BY a'))).not.toContain('exists');
  });
});

test.each([
  ['2026-02-06 12:00+02', '2026-02-06T10:00:00.000Z'],
  ['2026-02-06T12:00:00.5Z', '2026-02-06T12:00:00.500Z'],
  ['2026-02-06 12:00:00', '2026-02-06T12:00:00.000Z'],
])('times are compared in the form of drops: %s', (written, stored) => {
  expect(planText(planOf(`SELECT a FROM t WHERE _created_at < '${written}'`))).toContain(stored);
});

test('three tables: the columns of the first two are kept under their names', () => {
  const text = planText(
    planOf(
      'SELECT o.amount, u.name, c.title FROM orders o JOIN users u ON o.user_id = u._key JOIN cities c ON u.city = c._key',
    ),
  );
  expect(text).toContain('o.amount');
  expect(text).toContain('u.city');
});

test('a condition of a LEFT JOIN on its right table filters that table', () => {
  const text = planText(planOf('SELECT o.a FROM o LEFT JOIN u ON o.x = u._key AND u.active = true'));
  expect(text).toMatch(/Join left[\s\S]*Filter active = true/);
});

function errorOf(sql: string): { readonly code: string; readonly at: string; readonly message: string } {
  const text = quoted(sql);
  try {
    lowerText(text);
  } catch (thrown) {
    if (!(thrown instanceof DropsError)) throw thrown;
    const { code, span, message } = thrown.diagnostic;
    return { code, message, at: span ? text.slice(span.start, span.end) : '' };
  }
  return { code: 'none', at: '', message: '' };
}

describe('errors tell the place', () => {
  test.each([
    ['SELECT * FRM users', 'FRM'],
    ["SELECT 'é' AS \"x\", a FROM t WHERE b ~ 'x'", '~'],
    ['SELECT "a b" frm c', 'c'],
    ['SELECT a FROM t WHERE b = $1', '$'],
    ['SELECT x.a FROM t', 'x'],
    ['SELECT a, a FROM t', 'a'],
    ["SELECT a FROM t WHERE b LIKE 'x_'", 'LIKE'],
    ['SELECT count(a) FROM t', 'count'],
    ['SELECT a, sum(b) FROM t', 'a'],
    ['SELECT a FROM t JOIN u ON t.x > u.y', 'u'],
    ['SELECT key FROM t JOIN u ON t.x = u._key', 'key'],
    ['SELECT a FROM t LIMIT -1', '-'],
    ['SELECT stddev(a) FROM t', 'stddev'],
    ['SELECT a || b FROM t', '||'],
    ['SELECT a FROM t RIGHT JOIN u ON t.x = u.y', 'u'],
    ['SELECT a FROM t WHERE a NOT IN (SELECT b FROM u)', 'NOT'],
    ['SELECT a FROM s.t', 's'],
  ])('%s', (sql, at) => {
    const error = errorOf(sql);
    expect(error.code).toBe('SQL_ERROR');
    expect(error.at === at || error.at.startsWith(at)).toBe(true);
  });
  test.each([
    'INSERT INTO t VALUES (1)',
    'UPDATE t SET a = 1',
    'DELETE FROM t',
    'DROP TABLE t',
    'SELECT 1; SELECT 2',
    '',
    'SELECT 1',
    'SELECT a FROM t UNION SELECT b FROM u',
    'WITH q AS (SELECT 1) SELECT * FROM q',
    'SELECT a FROM t FOR UPDATE',
    `SELECT ${'('.repeat(50_000)}1`,
    `SELECT a FROM t WHERE ${'NOT '.repeat(9000)} b`,
  ])('%.60s', (sql) => {
    expect(['SQL_ERROR', 'QUERY_TOO_COMPLEX']).toContain(errorOf(sql).code);
  });
});
