// Translates every queries/*.drops to SQL files, a folder for each dialect: node examples/queries-to-sql/translate.mjs
// Needs the packages built, as they are after npm start or npm test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const drops = path('../../packages/cli/bin/drops.js');

for (const dialect of ['sql', 'mysql', 'sqlite']) {
  mkdirSync(path(`sql/${dialect}`), { recursive: true });
  for (const file of readdirSync(path('queries'))) {
    const query = readFileSync(path(`queries/${file}`), 'utf8');
    const output = execFileSync(process.execPath, [drops, 'translate', query, '--to', dialect], {
      encoding: 'utf8',
    });
    const name = file.replace(/\.drops$/, '.sql');
    writeFileSync(path(`sql/${dialect}/${name}`), output);
    console.log(`${dialect}/${name}`);
  }
}
