import { describe, expect, it } from 'vitest';
import { capabilities, capabilityOf } from './index.js';

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
