import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compile } from '@drops/engine';

const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const dialects = ['sql', 'mysql', 'sqlite'] as const;

function translations(): Record<string, string> {
  const files = dialects.flatMap((dialect) =>
    readdirSync(here(`sql/${dialect}`)).map((name) => `sql/${dialect}/${name}`),
  );
  return Object.fromEntries(files.map((name) => [name, readFileSync(here(name), 'utf8')]));
}

it('has every query in every dialect', () => {
  for (const dialect of dialects) {
    for (const name of readdirSync(here('queries'))) {
      const result = compile(readFileSync(here(`queries/${name}`), 'utf8'), dialect);
      expect(result.ok && `${String(result.output)}\n`).toBe(
        translations()[`sql/${dialect}/${name.replace('.drops', '.sql')}`],
      );
    }
  }
});

it('is what the script writes', async () => {
  const before = translations();
  await run(process.execPath, [here('translate.mjs')]);
  expect(translations()).toEqual(before);
}, 60_000);
