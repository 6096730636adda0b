import { emptyCatalog, lower } from '@drops/analyzer';
import { parse, serviceVerbs } from '@drops/syntax';
import { describe, expect, it } from 'vitest';
import { capabilities, capabilityOf, statementCapabilityOf } from './index.js';

describe('declarations', () => {
  it('name each capability once', () => {
    const names = capabilities.map((c) => `${c.service}.${c.verb}`);
    expect(new Set(names).size).toBe(names.length);
    expect(capabilityOf('mail', 'send')?.rest.path).toBe('/mail/send');
    expect(capabilityOf('mail', 'sned')).toBeUndefined();
  });

  it('are plain data', () => {
    for (const c of capabilities) expect(JSON.parse(JSON.stringify(c))).toEqual(c);
  });

  it.each(capabilities.map((c) => [`${c.service}.${c.verb}`, c] as const))(
    '%s fills its templates',
    (_, c) => {
      const names = new Set([...c.parameters.map((p) => p.name), ...(c.target === 'none' ? [] : ['target'])]);
      for (const template of [c.rest.path, ...c.effects.map((e) => e.route)]) {
        for (const [, name] of template.matchAll(/\{(\w+)\}/g)) expect(names).toContain(name);
      }
      expect(c.target === 'none').toBe(c.rest.target === undefined);
      expect(c.key === 'none').toBe(c.rest.key === undefined);
    },
  );

  it.each(capabilities.map((c) => [`${c.service}.${c.verb}`, c] as const))(
    '%s has parameters with names of their own',
    (_, c) => {
      expect(new Set(c.parameters.map((p) => p.name)).size).toBe(c.parameters.length);
      expect(c.parameters.filter((p) => p.required && p.default !== undefined)).toEqual([]);
    },
  );
});

describe('the grammar and the declarations', () => {
  it('agree on verbs and arguments', () => {
    for (const entry of serviceVerbs) {
      const declared = capabilityOf(entry.service, entry.verb);
      expect(declared, `${entry.service}.${entry.verb}`).toBeDefined();
      const names = declared?.parameters.map((p) => p.name) ?? [];
      for (const name of [...entry.positional, ...entry.options]) expect(names).toContain(name);
      expect(declared?.target !== 'none').toBe(entry.route === true);
      expect(declared?.key).toBe(entry.key ?? 'none');
      const [statement] = parse(entry.example).statements;
      if (!statement?.ok) throw new Error(entry.example);
      const plan = lower(statement.statement, { ...emptyCatalog, capability: capabilityOf }).plan;
      expect(plan.kind).toBe('Invoke');
      expect(statementCapabilityOf(plan)?.name).toBe(`${entry.service}.${entry.verb}`);
    }
    // Some verbs have no sentence; those of a service that has sentences are reached by HTTP alone.
    const sentences = serviceVerbs.map(({ service, verb }) => `${service}.${verb}`);
    const without = capabilities
      .map(({ service, verb }) => `${service}.${verb}`)
      .filter((n) => !sentences.includes(n));
    expect(without).toEqual([
      'key.claim',
      'key.claimed',
      'key.transfer',
      'key.release',
      'key.owner',
      'auth.login',
      'auth.verify',
      'auth.me',
      'auth.resolve',
      'auth.whoami',
    ]);
  });
});
