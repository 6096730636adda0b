import { describe, expect, it } from 'vitest';
import { stepsOf, type Step } from './case.js';
import { readGaps, readTopics } from './read-cases.js';

/** Steps that write nothing: they fail, or only compile. */
function refused({ query = '', expect: wanted = {} }: Step): boolean {
  if (/^(translate|explain) /.test(query)) return true;
  return wanted.error !== undefined || (wanted.status ?? 200) >= 400;
}

describe('the cases', () => {
  const topics = readTopics();

  it('are as case.schema.json says, and many', () => {
    expect(topics.flatMap(({ file }) => file.cases).length).toBeGreaterThan(400);
  });

  it('write to routes of their own, so that files can share one server', () => {
    const owners = new Map<string, string>();
    for (const { topic, file } of topics.filter(({ file }) => !file.fresh)) {
      const writes = file.cases
        .flatMap(stepsOf)
        .filter((step) => !('ir-equals' in (step.expect ?? {})) && !refused(step));
      const setups = [...(file.setup ?? []), ...file.cases.flatMap((test) => test.setup ?? [])];
      const texts = [
        ...setups.map((setup) => (typeof setup === 'string' ? setup : setup.query)),
        ...writes.map((step) => step.query ?? ''),
      ];
      for (const [, route = ''] of texts
        .join('\n')
        .matchAll(/\b(?:save|define|add \S+ to) ([\w/.-]+) (?:@|\w+:|fields)/g)) {
        expect(owners.get(route) ?? topic, `${route} is written by two files`).toBe(topic);
        owners.set(route, topic);
      }
    }
  });

  it('are named in known-gaps.json by names that exist', () => {
    const names = new Set(
      topics.flatMap(({ topic, file }) => file.cases.map((test) => `${topic}: ${test.name}`)),
    );
    expect([...readGaps().keys()].filter((gap) => !names.has(gap))).toEqual([]);
  });
});
