import { describe, expect, it } from 'vitest';
import { fidelityText } from './fidelity.js';
import { planOf } from './plan-of.fixture.js';
import { translate, translateParameterised } from './translate.js';

describe('translate gives the strings that were promised', () => {
  it.each([
    [
      "find users where .role = 'admin' sort .name limit 10",
      'sql',
      `SELECT * FROM "users" WHERE "role" = 'admin' ORDER BY "name" LIMIT 10;`,
    ],
    [
      "save users @alice name: 'Alice'",
      'sql',
      `INSERT INTO "users" ("_key", "name") VALUES ('alice', 'Alice') ON CONFLICT ("_key") DO UPDATE SET "name" = EXCLUDED."name";`,
    ],
    ['remove users @alice', 'sql', `DELETE FROM "users" WHERE "_key" = 'alice';`],
    ["find users where .role = 'admin'", 'mysql', "SELECT * FROM `users` WHERE `role` = 'admin';"],
    [
      'find users where .active = true',
      'curl',
      `curl -X POST http://127.0.0.1:7700/query -H 'Content-Type: application/json' -d '{"route":"users","filter":{"payload.active":true}}'`,
    ],
    ['get users @alice', 'rest', 'GET /entity/users?key=alice\nHost: 127.0.0.1:7700'],
    ['get users @alice', 'sqlite', `SELECT * FROM "users" WHERE "_key" = 'alice';`],
    ['count users where age > 10', 'sql', `SELECT COUNT(*) AS "count" FROM "users" WHERE "age" > 10;`],
    ['query users where age > 10', 'mysql', 'SELECT * FROM `users` WHERE `age` > 10;'],
  ] as const)('%s to %s', (text, target, output) => {
    expect(translate(planOf(text), target)).toMatchObject({ target, output });
  });
});

describe('fidelity', () => {
  it.each([
    ['count users', 'exact'],
    ['find users where age > 3', 'exact given the schema'],
    ['find users sort age limit 3', 'approximate: rows that tie in the sort may change places at the limit'],
    ['find users limit 3', 'approximate: without a sort the database picks the rows'],
    [
      'find users where lower(name) = "a"',
      'approximate: lower follows the locale of the database; rows that tie come in any order',
    ],
  ])('%s is %s', (text, fidelity) => {
    expect(fidelityText(translate(planOf(text), 'sql').fidelity)).toBe(fidelity);
  });
  it('a name that both sides of a join have is read from the right where the left has null', () => {
    const plan = planOf('find a join b on x = key where n = 1');
    const { fidelity } = translate(plan, 'sql', { columns: () => ['n', 'x'] });
    expect(fidelityText(fidelity)).toContain('a null on the left of a join is taken for missing');
    expect(translate(plan, 'mongo').fidelity.kind).toBe('exact');
  });
  it('curl is exact', () => {
    expect(translate(planOf('find users limit 3'), 'curl').fidelity).toEqual({ kind: 'exact' });
  });
});

describe('parameters', () => {
  const plan = planOf('find users where age > $age and role = $role limit 5');
  it('stay placeholders, named in order', () => {
    expect(translate(plan, 'sql')).toMatchObject({
      output: `SELECT * FROM "users" WHERE "age" > $1 AND "role" = $2 LIMIT 5;`,
      parameters: ['age', 'role'],
    });
    expect(translate(plan, 'mysql')).toMatchObject({
      output: 'SELECT * FROM `users` WHERE `age` > ? AND `role` = ? LIMIT 5;',
      parameters: ['age', 'role'],
    });
  });
  it('become literals when they have values', () => {
    const params = new Map<string, number | string>([
      ['age', 40],
      ['role', "O'Hara"],
    ]);
    const { output, parameters } = translate(plan, 'sql', { params });
    expect(output).toBe(`SELECT * FROM "users" WHERE "age" > 40 AND "role" = 'O''Hara' LIMIT 5;`);
    expect(parameters).toBeUndefined();
    expect(translateParameterised(plan, 'sql', { params })).toEqual({
      sql: 'SELECT * FROM "users" WHERE "age" > $1 AND "role" = $2 LIMIT 5;',
      parameters: [40, "O'Hara"],
    });
    expect(translateParameterised(plan, 'mysql', { params })).toEqual({
      sql: 'SELECT * FROM `users` WHERE `age` > ? AND `role` = ? LIMIT 5;',
      parameters: [40, "O'Hara"],
    });
  });
  it('travel beside the text that goes to /exec', () => {
    const params = new Map([['n', 3]]);
    const source = 'count users where age > $n';
    expect(translate(planOf(source), 'rest', { source, params }).output).toBe(
      'POST /exec\nHost: 127.0.0.1:7700\nContent-Type: application/json\n\n{"query":"count users where age > $n","params":{"n":3}}',
    );
  });
  it('must have values where a program runs the SQL', () => {
    expect(() => translateParameterised(plan, 'sql')).toThrow('no value was given for $age');
  });
});
