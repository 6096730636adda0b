import { parseArgs } from 'node:util';
import { openMariadb, openPostgres, openSqlite, type Database } from './differential/databases.js';
import { runDifferential } from './differential/run-differential.js';

/*
 * pnpm differential [--questions 100000] [--seed 1] [--rows 40] [--data postgres://…]: random questions in Drops, JSON and SQL, on
 * LMDB in three ways, with --data on a store in that database too, and by their translations on PostgreSQL, MariaDB and SQLite. Exit code 1 when any two answers differ.
 */
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    questions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    rows: { type: 'string', default: '40' },
    data: { type: 'string' },
  },
});
const started = performance.now();
const databases: Database[] = [];
for (const open of [openPostgres, openMariadb, openSqlite]) {
  try {
    databases.push(await open());
  } catch (thrown) {
    console.error(
      `SKIPPED: a database does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
try {
  const { asked, failures, counts } = await runDifferential({
    seed: Number(values.seed),
    questions: Number(values.questions),
    perTables: 500,
    rows: Number(values.rows),
    databases,
    store: values.data,
    onProgress: (done, wrong) => console.error(`${done} questions, ${wrong} differences`),
  });
  for (const { seed, drops, sql, problems } of failures) {
    console.log(`seed ${seed}: ${drops}\n  ${sql}`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
  console.log('| way | compared | refused | by fidelity |\n| --- | --- | --- | --- |');
  for (const [name, of] of counts) {
    const refused = of.get('refused') ?? 0;
    const kinds = [...of].filter(([kind]) => kind !== 'refused');
    const compared = kinds.reduce((sum, [, n]) => sum + n, 0);
    const shares = kinds
      .map(([kind, n]) => (kind === 'compared' ? '' : `${kind} ${Math.round((100 * n) / compared)} %`))
      .join(', ');
    console.log(`| ${name} | ${compared} | ${refused} | ${shares} |`);
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `differential: ${asked} questions from seed ${values.seed}: ${failures.length} differences; ${seconds} s`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  for (const database of databases) await database.close();
}
