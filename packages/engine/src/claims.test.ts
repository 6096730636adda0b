import { generateKeyPairSync, sign } from 'node:crypto';
import { publicIdOf } from '@drops/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, openTestEngine, type TestEngine } from './open-engine.fixture.js';

let test: TestEngine;
beforeAll(async () => {
  test = await openTestEngine();
});
afterAll(() => test.close());

describe('a claim', () => {
  const [owner, other, device] = [keyOf('owner'), keyOf('other'), keyOf('device')];

  it('is of a key that need not be known yet', async () => {
    const { status, body } = await test.call(owner, 'key.claim', {
      key: device,
      label: 'Sensor',
      type: 'node',
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ok: true, key: device, label: 'Sensor', type: 'node' },
    });
  });

  it('may be made again by its owner, to rename it', async () => {
    const again = await test.call(owner, 'key.claim', { key: device, label: 'Thermometer' });
    expect(again.body).toEqual({ ok: true, key: device, label: 'Thermometer', type: 'node' });
    const { body } = await test.call(owner, 'key.claimed');
    expect(body).toEqual({
      keys: [{ key: device, public_id: publicIdOf(device), label: 'Thermometer', type: 'node' }],
      count: 1,
    });
  });

  it('of another’s key is refused', async () => {
    expect(await test.call(other, 'key.claim', { key: device })).toMatchObject({
      status: 409,
      code: 'CONFLICT',
    });
  });

  it.each([
    ['of one’s own key', owner, { key: owner }, 403, 'FORBIDDEN'],
    ['of what is no key', owner, { key: 'short' }, 400, 'INVALID_KEY'],
    ['of nothing', owner, {}, 400, 'TYPE_ERROR'],
    ['with an unknown field', owner, { key: device, lable: 'x' }, 400, 'TYPE_ERROR'],
    ['of another type', owner, { key: 7 }, 400, 'TYPE_ERROR'],
    ['by nobody', null, { key: device }, 401, 'KEY_REQUIRED'],
  ])('%s is refused', async (_, caller, values, status, code) => {
    expect(await test.call(caller, 'key.claim', values)).toMatchObject({ status, code });
  });

  it('tells its owner to all, by the public id and the handle', async () => {
    expect((await test.call(null, 'key.owner', { key: device })).body).toEqual({
      key: device,
      owner: publicIdOf(owner),
    });
    await test.exec(owner, 'save _handles @olga name: "Olga"');
    const byId = await test.call(null, 'key.owner', { key: publicIdOf(device) });
    expect(byId.body).toEqual({ key: publicIdOf(device), owner: publicIdOf(owner), handle: '@olga' });
    expect((await test.call(null, 'key.owner', { key: keyOf('free') })).body).toMatchObject({ owner: null });
    expect((await test.call(null, 'key.owner', { key: '@nobody' })).status).toBe(404);
  });

  it('moves as a whole', async () => {
    const values = { key: device, to: other };
    expect(await test.call(other, 'key.transfer', values)).toMatchObject({ status: 403 });
    expect(await test.call(owner, 'key.transfer', { ...values, to: device })).toMatchObject({ status: 403 });
    expect((await test.call(owner, 'key.transfer', { ...values, key: keyOf('free') })).status).toBe(404);
    const moved = await test.call(owner, 'key.transfer', values);
    expect(moved.body).toEqual({ ok: true, key: device, to: publicIdOf(other) });
    expect((await test.call(owner, 'key.claimed')).body).toEqual({ keys: [], count: 0 });
    expect((await test.call(other, 'key.claimed')).body).toMatchObject({ count: 1, keys: [{ key: device }] });
    expect((await test.call(null, 'key.owner', { key: device })).body['owner']).toBe(publicIdOf(other));
  });

  it('moves to a handle too', async () => {
    expect((await test.call(other, 'key.transfer', { key: device, to: '@olga' })).status).toBe(200);
    expect((await test.call(owner, 'key.claimed')).body).toMatchObject({ count: 1 });
  });

  it('ends when it is released', async () => {
    expect((await test.call(other, 'key.release', { key: device })).status).toBe(403);
    expect((await test.call(owner, 'key.release', { key: device })).body).toEqual({ ok: true, key: device });
    expect((await test.call(owner, 'key.release', { key: device })).status).toBe(404);
    expect((await test.call(null, 'key.owner', { key: device })).body['owner']).toBeNull();
    expect((await test.call(other, 'key.claim', { key: device })).status).toBe(200);
  });

  it('made twice at once has one owner', async () => {
    const names = Array.from({ length: 8 }, (_, i) => keyOf(`racer${i}`));
    const tries = await Promise.all(
      names.map((name) => test.call(name, 'key.claim', { key: keyOf('prize') })),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 409)).toHaveLength(7);
    const lists = await Promise.all(names.map((name) => test.call(name, 'key.claimed')));
    expect(lists.filter(({ body }) => body['count'] === 1)).toHaveLength(1);
  });

  it('keeps no key in the records of the store', async () => {
    await test.call(owner, 'key.claim', { key: keyOf('kept') });
    const { body } = await test.engine.exec(`find __claims; find __claimed/${publicIdOf(owner)}`);
    const text = JSON.stringify(body);
    expect(text).toContain(publicIdOf(keyOf('kept')));
    for (const name of ['kept', 'owner', 'other']) expect(text).not.toContain(keyOf(name));
  });
});

describe('where keys are public', () => {
  it('a claim needs the signature of the claimed key', async () => {
    const signed = await openTestEngine({ signed: true });
    try {
      const pair = generateKeyPairSync('ed25519', {
        publicKeyEncoding: { format: 'der', type: 'spki' },
        privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
      });
      const device = pair.publicKey.subarray(-32).toString('base64url');
      const owner = keyOf('owner');
      const proofFor = (claimer: string): string =>
        sign(null, Buffer.from(`drops: this key may be claimed by ${claimer}`), pair.privateKey).toString(
          'base64url',
        );
      for (const proof of [null, 'AAAA', proofFor(keyOf('other'))]) {
        const refused = await signed.call(owner, 'key.claim', { key: device, proof });
        expect(refused).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      }
      const proven = await signed.call(owner, 'key.claim', { key: device, proof: proofFor(owner) });
      expect(proven.status).toBe(200);
      expect((await signed.call(owner, 'key.claim', { key: device, label: 'again' })).status).toBe(200);
    } finally {
      await signed.close();
    }
  });
});
