/** The queries as SQL that SQLite, PostgreSQL and DuckDB all read; `?1`, `$1` differ, so parameters are made by the peer. */
export type Placeholder = (position: number) => string;

export const userColumns = ['key', 'name', 'email', 'age', 'status', 'city', 'score', 'bio'] as const;
export const orderColumns = ['key', 'user_id', 'amount', 'status', 'placed'] as const;

export function userTable(name: string, types: { text: string; real: string; whole: string }): string {
  const { text, real, whole } = types;
  return `CREATE TABLE ${name} (key ${text} PRIMARY KEY, name ${text}, email ${text}, age ${whole}, status ${text},
    city ${text}, score ${real}, bio ${text})`;
}

export function orderTable(types: { text: string; real: string; whole: string }): string {
  const { text, real, whole } = types;
  return `CREATE TABLE orders (key ${text} PRIMARY KEY, user_id ${text}, amount ${real}, status ${text}, placed ${whole})`;
}

export const userIndexes = (table: string): string[] => [
  `CREATE INDEX ${table}_city_score ON ${table} (city, score)`,
  `CREATE INDEX ${table}_score ON ${table} (score)`,
];
export const orderIndexes = ['CREATE INDEX orders_placed ON orders (placed)'];

export function queries(p: Placeholder) {
  return {
    pointGet: `SELECT * FROM users WHERE key = ${p(1)}`,
    findPage: `SELECT * FROM users WHERE city = ${p(1)} ORDER BY score DESC LIMIT 10`,
    range: `SELECT * FROM users WHERE score >= ${p(1)} ORDER BY score LIMIT 100`,
    scan: `SELECT * FROM users WHERE age = ${p(1)} AND status = ${p(2)} AND score < ${p(3)}`,
    group: 'SELECT city, count(*) AS count, sum(score) AS sum, avg(age) AS avg FROM users GROUP BY city',
    joinGrouped:
      'SELECT u.city AS city, count(*) AS count, sum(o.amount) AS sum FROM orders o LEFT JOIN users u ON o.user_id = u.key GROUP BY u.city',
    joinPage: `SELECT o.key AS key, o.amount AS amount, u.name AS name FROM orders o LEFT JOIN users u ON o.user_id = u.key
      WHERE o.placed >= ${p(1)} ORDER BY o.placed LIMIT 100`,
    increment: `INSERT INTO counters (key, n) VALUES (${p(1)}, 1) ON CONFLICT (key) DO UPDATE SET n = counters.n + 1`,
    update: `UPDATE users SET score = ${p(1)}, city = ${p(2)} WHERE key = ${p(3)}`,
  };
}
