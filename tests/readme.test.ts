import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, open, type Engine } from '../packages/engine/src/index.js';
import { listen, type Listening } from '../packages/server/src/index.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));

interface Fence {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** The fenced blocks of a page, in order. */
function fencesOf(page: string): Fence[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

/** Every page that people read. */
function pages(): string[] {
  const folders = ['.', 'docs', 'grammar', 'conformance', 'examples', 'packages'].filter((name) =>
    existsSync(join(root, name)),
  );
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => name.endsWith('.md') && !/node_modules|dist/.test(name))
    .map((name) => relative('.', name));
}

const blocks = pages().flatMap((page) => fencesOf(page).map((fence) => ({ page, ...fence })));

describe('the README', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n').slice(0, 60).join('\n');

  it('shows a statement, its result, SQL and curl in its first sixty lines', () => {
    for (const language of ['drops', 'json', 'sql', 'sh']) expect(lines).toContain('```' + language + '\n');
    expect(lines).toContain('npm start');
    expect(lines).toContain('npm test');
  });

  it('translates its first statement as it says', () => {
    const fences = fencesOf('README.md');
    const statement = fences.find(({ language }) => language === 'drops')?.text ?? '';
    const textOf = (start: string): string | undefined =>
      fences.find(({ text }) => text.startsWith(start))?.text.trimEnd();
    for (const [target, shown] of [
      ['sql', textOf('SELECT')],
      ['curl', textOf('curl -X POST')],
    ] as const) {
      const result = compile(statement, target);
      expect(result.ok && result.output).toBe(shown);
    }
  });
});

describe('the commands of the README', () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-readme-'));
  let engine: Engine;
  let server: Listening;
  beforeAll(async () => {
    engine = await open({ data, durability: 'relaxed' });
    server = await listen(engine, { port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await engine.close();
    rmSync(data, { recursive: true });
  });

  const commands = fencesOf('README.md').filter(({ language }) => language === 'sh');

  it('are at least three', () => {
    expect(commands.filter(({ text }) => text.startsWith('curl ')).length).toBeGreaterThanOrEqual(3);
  });

  it('run in their order on an empty store', async () => {
    const answers: string[] = [];
    for (const { text } of commands) {
      const { stdout } = await run('sh', ['-c', text.replaceAll('http://127.0.0.1:7700', server.url)]);
      answers.push(stdout);
    }
    expect(answers.map((answer): unknown => JSON.parse(answer))).toMatchObject([
      { ok: true, count: 4 },
      {
        results: [
          { city: 'Oslo', sum_amount: 149.5, count: 2 },
          { city: 'Rome', sum_amount: 30, count: 1 },
        ],
      },
      { results: [{ key: 'o1', amount: 120 }] },
      { error: { code: 'SYNTAX_ERROR', hint: expect.stringContaining('where') } },
      { results: [{ key: 'o4' }, { key: 'o3' }] },
    ]);
  });

  it('give the result that stands beside the first statement', async () => {
    const [statement, result] = fencesOf('README.md');
    const { body } = await engine.exec(statement?.text ?? '');
    expect(body).toEqual(JSON.parse(result?.text ?? ''));
  });
});

describe('every page', () => {
  const shown = blocks.filter(({ language }) => language === 'drops');
  const wrong = blocks.filter(({ language }) => language === 'drops error');

  it.each(shown)('$page:$line compiles', ({ text }) => {
    const result = compile(text, 'ir');
    expect(result.ok ? [] : result.diagnostics).toEqual([]);
  });

  it.each(wrong)('$page:$line is all mistakes', ({ text }) => {
    for (const statement of text.trim().split('\n'))
      expect(compile(statement, 'ir').ok, statement).toBe(false);
  });

  it.each(pages())('%s links only to what exists', (page) => {
    const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(targets.filter((target) => !existsSync(join(root, page, '..', target)))).toEqual([]);
  });

  it.each(pages())('%s names only files that exist in its commands', (page) => {
    const commands = fencesOf(page).filter(({ language }) => language === 'sh');
    const files = commands.flatMap(({ text }) =>
      [...text.matchAll(/^node (\S+\.m?js)/gm)].map((match) => match[1] ?? ''),
    );
    expect(files.filter((file) => !file.includes('dist') && !existsSync(join(root, file)))).toEqual([]);
  });
});
