import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, loadLanguages, open, type Engine } from '../packages/engine/src/index.js';

const corpus = readFileSync(
  fileURLToPath(new URL('../packages/syntax/src/corpus.drops', import.meta.url)),
  'utf8',
);

/** Every block of the corpus, named by its comment. */
const blocks = corpus
  .split(/\n\n(?=-- #\d+)/)
  .map((block) => ({
    name: block.slice(3, block.indexOf('\n')),
    text: block.slice(block.indexOf('\n') + 1).trim(),
  }))
  .filter(({ text }) => text !== '');

interface Failure {
  readonly code?: string;
  readonly status?: number;
}

/** The error of an answer, at its top or in place of its one result. */
function failureOf(body: unknown): Failure {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {};
  return typeof body.error === 'object' && body.error !== null ? body.error : {};
}

describe('the corpus', () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-corpus-'));
  let engine: Engine;
  const faults: unknown[] = [];
  beforeAll(async () => {
    await loadLanguages('sql ""');
    engine = await open({ data, durability: 'relaxed', onFault: (fault) => faults.push(fault) });
  });
  afterAll(async () => {
    await engine.close();
    rmSync(data, { recursive: true });
  });

  it('is all there', () => expect(blocks.length).toBe(307));

  it.each(blocks)('$name is answered', async ({ text }) => {
    const { status, body } = await engine.exec(text);
    expect(faults.splice(0)).toEqual([]);
    // Earlier blocks define patterns that later ones need not fit.
    const fine = [
      'NOT_FOUND',
      'DELETED',
      'NOT_AVAILABLE',
      'SCHEMA_VIOLATION',
      'NO_TEXT_CONTENT',
      'SEARCH_REQUIRED',
      undefined,
    ];
    expect(fine, JSON.stringify(body)).toContain(failureOf(body).code);
    expect(status).toBe(failureOf(body).status ?? 200);
  });

  it.each(blocks)('$name has every stage of the compiler', ({ text }) => {
    for (const stage of ['tokens', 'ast', 'ir', 'plan'] as const) {
      const result = compile(text, stage);
      expect(result.ok ? [] : result.diagnostics, stage).toEqual([]);
      if (result.ok) expect(() => JSON.stringify(result.output)).not.toThrow();
    }
  });

  it.each(blocks)('$name translates to curl and REST', ({ text }) => {
    for (const target of ['curl', 'rest'] as const) {
      const result = compile(text, target);
      expect(result.ok ? [] : result.diagnostics, target).toEqual([]);
    }
  });

  it.each(blocks)('$name translates to SQL and MongoDB or says why not', ({ text }) => {
    for (const target of ['sql', 'mysql', 'sqlite', 'mongo'] as const) {
      const result = compile(text, target);
      const codes = result.ok ? [] : result.diagnostics.map(({ code }) => code);
      expect(
        codes.filter((code) => code !== 'UNSUPPORTED'),
        target,
      ).toEqual([]);
    }
  });

  it.each(blocks)('$name can be explained without being run', async ({ text }) => {
    const { status, body } = await engine.exec(`explain ${text}`);
    expect(faults.splice(0)).toEqual([]);
    expect(status, JSON.stringify(body)).toBe(200);
  });
});
