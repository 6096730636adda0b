import { expect, it } from 'vitest';
import { servedDoor } from './embedded-door.js';
import type { Answer, Door } from './door.js';
import { keyOf } from './match.js';
import { watchedDoor } from './watched-door.js';

const [alice, bob] = [keyOf('alice'), keyOf('bob')];

/** A door that answers what it is told to. */
function puppet(): Door & { next: Answer } {
  const door = {
    name: 'puppet',
    fresh: true,
    next: { status: 200, body: { ok: true } } as Answer,
    exec: async () => door.next,
    request: async () => door.next,
    close: async () => undefined,
  };
  return door;
}

it('finds a key of another in a body, in a header and in a line', async () => {
  const inner = puppet();
  const lines: string[] = [];
  const door = watchedDoor(inner, () => lines.splice(0));
  await door.exec({ query: 'find a', key: alice });

  inner.next = { status: 200, body: { results: [{ source: alice }] } };
  await expect(door.exec({ query: 'find a', key: bob })).rejects.toThrow('shows the key');
  await expect(door.exec({ query: 'find a' })).rejects.toThrow('nobody in particular');
  await expect(door.exec({ query: 'find a', key: alice })).resolves.toBe(inner.next);
  // Whoever names a key is told nothing by hearing it.
  await expect(door.exec({ query: `find ${alice}/a`, key: bob })).resolves.toBe(inner.next);

  inner.next = { status: 200, body: {}, headers: new Headers({ 'x-from': alice }) };
  await expect(door.request?.({ path: '/entity/a' }, keyOf('carol'))).rejects.toThrow('shows the key');

  inner.next = { status: 200, body: {} };
  lines.push(`request of ${alice}`);
  await expect(door.exec({ query: 'find a', key: alice })).rejects.toThrow('a line of the server');
});

it('finds what was made for another', async () => {
  const inner = puppet();
  const door = watchedDoor(inner);
  const pair = { public: keyOf('new'), private: keyOf('its other half') };
  const subkey = `sub_0f007385b6f9_52cb456fd11b2d7b_${keyOf('secret')}`;
  inner.next = { status: 200, body: { keypair: pair } };
  await door.request?.({ path: '/drop' }, undefined);
  inner.next = { status: 200, body: { key: subkey } };
  await door.exec({ query: 'subkey create', key: alice });

  inner.next = { status: 200, body: { results: [pair.private] } };
  await expect(door.exec({ query: 'find a', key: alice })).rejects.toThrow('shows the key');
  inner.next = { status: 200, body: { subkeys: [{ key: subkey }] } };
  await expect(door.exec({ query: 'subkey list', key: bob })).rejects.toThrow('shows the key');
  // A pair is given once: the second time it is a leak, whoever asks.
  inner.next = { status: 200, body: { keypair: pair } };
  await expect(door.request?.({ path: '/drop' }, undefined)).rejects.toThrow('shows the key');
});

it('stands before every served door: a key written into a payload is found when another reads it', async () => {
  const door = await servedDoor({ optimise: true });
  try {
    await door.exec({ query: `write public planted @leak text: "${alice}"`, key: alice });
    await expect(door.exec({ query: 'find planted', key: bob })).rejects.toThrow('shows the key');
  } finally {
    await door.close();
  }
});
