import { stepsOf, type Case, type CaseFile, type Preparation, type Step } from './case.js';
import type { Answer, Door } from './door.js';
import { findings } from './expectation.js';
import { keyOf, mismatch, type Captured } from './match.js';

/** Why a door cannot play a case; undefined if it can. */
export function skipReason(file: CaseFile, test: Case, door: Door): string | undefined {
  if (file.fresh === true && !door.fresh) return 'needs an empty store';
  if (file.clock !== undefined && !door.clock) return 'needs a clock that can be set';
  for (const step of stepsOf(test)) {
    if (step.http && !door.request) return 'speaks HTTP';
    if (step.expect?.['ir-equals'] !== undefined && !door.ir) return 'compares the IR';
  }
  return undefined;
}

/** Runs the setup of a file. Throws if a statement of it fails. */
export async function playSetup(setup: readonly Preparation[] | undefined, door: Door): Promise<void> {
  for (const preparation of setup ?? []) {
    const { key, query } =
      typeof preparation === 'string' ? { key: undefined, query: preparation } : preparation;
    const answer = await door.exec({ query, ...(key !== undefined && { key: keyOf(key) }) });
    if (answer.status !== 200) throw new Error(`setup: ${query}: ${JSON.stringify(answer.body)}`);
  }
}

/** Plays one case; the list of findings is empty if it holds. */
export async function playCase(test: Case, door: Door): Promise<string[]> {
  try {
    await playSetup(test.setup, door);
  } catch (thrown) {
    return [String(thrown)];
  }
  const captured: Captured = new Map();
  const steps = stepsOf(test);
  for (const [index, step] of steps.entries()) {
    const found = await playStep(step, door, captured);
    if (found.length > 0) return steps.length > 1 ? found.map((text) => `step ${index + 1}: ${text}`) : found;
  }
  return [];
}

async function playStep(step: Step, door: Door, captured: Captured): Promise<string[]> {
  if (door.clock && step.clock !== undefined) door.clock.now = Date.parse(step.clock);
  if (door.clock && step.wait !== undefined) door.clock.now += step.wait * 1000;
  const query = fill(step.query ?? '', step, captured);
  const { expect = {} } = step;
  const asks = Object.keys(expect).some((name) => name !== 'sql' && name !== 'ir-equals');
  return [
    ...(asks ? findings(expect, await send(step, query, door, captured), query, captured) : []),
    ...(await translationFindings(expect.sql ?? {}, query, door)),
    ...irFindings(expect['ir-equals'], query, door),
  ];
}

function send(step: Step, query: string, door: Door, captured: Captured): Promise<Answer> {
  const key = step.key === undefined ? undefined : keyOf(step.key);
  if (step.http && door.request) {
    const path = fill(step.http.path, step, captured);
    return door.request({ ...step.http, path, ...fillJson(step.http.json, step, captured) }, key);
  }
  const params: Record<string, unknown> | undefined =
    step.params && JSON.parse(fill(JSON.stringify(step.params), step, captured));
  return door.exec({ query, key, params, on_error: step.on_error });
}

function fillJson(json: unknown, step: Step, captured: Captured): { json?: unknown } {
  return json === undefined ? {} : { json: JSON.parse(fill(JSON.stringify(json), step, captured)) };
}

/** Puts repetitions and captured values in the place of `{{name}}`. */
function fill(text: string, step: Step, captured: Captured): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const repetition = step.repeat?.[name];
    if (repetition) {
      const copies = Array.from({ length: repetition.times }, (_, i) =>
        repetition.text.replaceAll('#', String(i)),
      );
      return copies.join(repetition.between ?? '');
    }
    return captured.has(name) ? String(captured.get(name)) : whole;
  });
}

async function translationFindings(
  wanted: Readonly<Record<string, string>>,
  query: string,
  door: Door,
): Promise<string[]> {
  const found: string[] = [];
  for (const [target, output] of Object.entries(wanted)) {
    const answer = await door.exec({ query: `translate ${JSON.stringify(query)} to ${target}` });
    const finding = mismatch(
      { target, output: output.trimEnd() },
      trimmed(answer.body),
      'partial',
      new Map(),
      target,
    );
    if (finding !== undefined) found.push(finding);
  }
  return found;
}

function trimmed(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('output' in body)) return body;
  return { ...body, output: String(body.output).trimEnd() };
}

function irFindings(other: string | undefined, query: string, door: Door): string[] {
  if (other === undefined || !door.ir) return [];
  const finding = mismatch(door.ir(other), door.ir(query), 'exact', new Map(), 'ir');
  return finding === undefined ? [] : [finding];
}
