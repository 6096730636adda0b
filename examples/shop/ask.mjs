// Loads the shop into a running server and asks it ten questions:
//   npm start                      (in one terminal)
//   node examples/shop/ask.mjs     (in another; --url for another address)
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { url: { type: 'string', default: 'http://127.0.0.1:7700' } } });

// Whoever reads the answers may have had enough of them: `… | head`.
process.stdout.on('error', () => process.exit());

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Runs Drops text on the server; throws what the server says when it fails. */
async function exec(query, params) {
  const response = await fetch(new URL('/exec', values.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, params }),
  }).catch(() => {
    throw new Error(`no server answers at ${values.url}; start one with: npm start`);
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${query}\n${body.error.code}: ${body.error.message}`);
  return body;
}

/** Saves rows as entities, a thousand in one bulk: the values travel as parameters, never as text. */
async function load(route, file) {
  const rows = read(file).trimEnd().split('\n').map(JSON.parse);
  if ((await exec(`count ${route}`)).count === rows.length) return;
  for (let from = 0; from < rows.length; from += 1000) {
    const batch = rows.slice(from, from + 1000);
    const params = {};
    for (const [i, { id, ...row }] of batch.entries())
      Object.assign(params, { [`k${i}`]: id, [`r${i}`]: row });
    await exec(`bulk (${batch.map((_, i) => `save ${route} @$k${i} $r${i}`).join(', ')})`, params);
  }
  console.log(`${rows.length} rows into ${route}`);
}

function cellOf(value, decimals) {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? value.toFixed(decimals) : String(value);
}

function table(rows) {
  const names = Object.keys(rows[0] ?? {});
  const decimals = names.map((name) => (rows.every((row) => Number.isInteger(row[name] ?? 0)) ? 0 : 2));
  const cells = [names, ...rows.map((row) => names.map((name, i) => cellOf(row[name], decimals[i])))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isNumber = names.map((name) => rows.every((row) => typeof row[name] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0], widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)];
}

async function main() {
  await exec(read('load.drops'));
  await load('shop/customers', 'data/customers.ndjson');
  await load('shop/orders', 'data/orders.ndjson');
  for (const [i, block] of read('questions.drops').trim().split('\n\n').entries()) {
    const [question, ...statement] = block.split('\n');
    const { results } = await exec(statement.join('\n'));
    console.log(`\n${i + 1}. ${question.replace('-- ', '')}\n`);
    for (const line of statement) console.log(`   > ${line}`);
    console.log();
    for (const line of table(results)) console.log(`   ${line}`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
