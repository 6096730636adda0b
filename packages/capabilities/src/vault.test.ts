import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createVault, secretInFolder } from './vault.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-vault-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a vault', () => {
  const vault = createVault(() => 'one secret of the server');

  it('opens what it sealed, and seals the same text differently each time', () => {
    const [a, b] = [vault.seal('text', 'use'), vault.seal('text', 'use')];
    expect(a).not.toBe(b);
    expect([vault.open(a, 'use'), vault.open(b, 'use')]).toEqual(['text', 'text']);
  });

  it.each([
    ['another purpose', () => vault.open(vault.seal('text', 'use'), 'other')],
    ['another secret', () => createVault(() => 'another').open(vault.seal('text', 'use'), 'use')],
    [
      'a changed byte',
      () =>
        vault.open(
          vault.seal('text', 'use').replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
          'use',
        ),
    ],
    ['nothing', () => vault.open('', 'use')],
  ])('opens nothing under %s', (_, open) => {
    expect(open).toThrow(
      expect.objectContaining({ diagnostic: expect.objectContaining({ code: 'CONFLICT' }) }),
    );
  });

  it('has one name for a text, which the secret decides', () => {
    expect(vault.name('a@example.com', 'account')).toBe(vault.name('a@example.com', 'account'));
    const others = [
      vault.name('b@example.com', 'account'),
      vault.name('a@example.com', 'logins'),
      createVault(() => 'another').name('a@example.com', 'account'),
    ];
    expect(others).not.toContain(vault.name('a@example.com', 'account'));
  });
});

describe('the secret of a folder', () => {
  it('is made once, and read by its owner alone', () => {
    const secret = secretInFolder(join(folder, 'new'));
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(secretInFolder(join(folder, 'new'))).toBe(secret);
    expect(statSync(join(folder, 'new', 'secret')).mode & 0o777).toBe(0o600);
  });
});
