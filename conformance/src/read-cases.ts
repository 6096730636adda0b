import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { stepsOf, type CaseFile } from './case.js';

const root = fileURLToPath(new URL('../', import.meta.url));

/** A file of cases under its topic, `<area>/<topic>`. */
export interface Topic {
  readonly topic: string;
  readonly file: CaseFile;
}

/** Reads every file below `cases`. Throws on a file that is not as case.schema.json says. */
export function readTopics(folder: string = join(root, 'cases')): readonly Topic[] {
  const schema: object = JSON.parse(readFileSync(join(root, 'case.schema.json'), 'utf8'));
  const isCaseFile = new Ajv({ strict: true, allowUnionTypes: true }).compile<CaseFile>(schema);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const topic = relative('.', name)
        .split(sep)
        .join('/')
        .replace(/\.yaml$/, '');
      const file: unknown = parse(readFileSync(join(folder, name), 'utf8'));
      if (!isCaseFile(file)) {
        const first = isCaseFile.errors?.[0];
        throw new Error(`${name}${first?.instancePath}: ${first?.message} ${JSON.stringify(first?.params)}`);
      }
      refuseEmptyCases(name, file);
      return { topic, file };
    });
}

/** What the schema cannot say: a case without an expectation fails, and so does a name used twice. */
function refuseEmptyCases(name: string, file: CaseFile): void {
  const seen = new Set<string>();
  for (const test of file.cases) {
    if (seen.has(test.name)) throw new Error(`${name}: two cases are named "${test.name}"`);
    seen.add(test.name);
    if (test.steps && (test.query ?? test.http ?? test.expect) !== undefined) {
      throw new Error(`${name}: "${test.name}" has steps and a step of its own`);
    }
    for (const step of stepsOf(test)) {
      if (!step.expect) throw new Error(`${name}: "${test.name}" expects nothing`);
      if ((step.query === undefined) === (step.http === undefined)) {
        throw new Error(`${name}: "${test.name}" needs a query or a request, and not both`);
      }
    }
  }
}

/** Known gaps: `<topic>: <case name>` → why it does not hold yet. */
export function readGaps(path: string = join(root, 'known-gaps.json')): ReadonlyMap<string, string> {
  const gaps: Record<string, string> = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(Object.entries(gaps));
}
