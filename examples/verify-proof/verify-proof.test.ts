import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open, prove, verify } from '@drops/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./verify.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'drops-proof-'));
const data = join(folder, 'data');
const file = join(folder, 'proof.json');
let proof: Buffer;
let root: string;

beforeAll(async () => {
  const engine = await open({ data, durability: 'relaxed' });
  const run = async (text: string) => expect((await engine.exec(text)).status).toBe(200);
  for (let i = 0; i < 11; i += 1) await run(`save noise n: ${i}`);
  await run(
    'bulk (save users @bob name: "Bob", save users @alice name: "Zoë ☂", save users @carl name: "Carl")',
  );
  for (let i = 0; i < 8; i += 1) await run(`save noise n: ${i}`);
  await engine.close();
  proof = Buffer.from(JSON.stringify(await prove(data, 'users', 'alice')));
  root = (await verify(data)).root;
});
afterAll(() => rmSync(folder, { recursive: true }));

const modulePath = './verify.mjs';
async function verifier(): Promise<(bytes: Buffer, root?: string) => unknown> {
  const found: { verifyProof(bytes: Buffer, root?: string): unknown } = await import(modulePath);
  return found.verifyProof;
}

describe('the independent verifier', () => {
  it('accepts a proof and says what it proves', () => {
    writeFileSync(file, proof);
    const output = execFileSync(process.execPath, [program, file, root], { encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({
      route: 'users',
      key: 'alice',
      version: 1,
      tx: 13,
      payload: { name: 'Zoë ☂' },
    });
  });

  it('refuses a proof for another root', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, file, '0'.repeat(64)], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, 'refused: the root is not the one that is trusted\n']);
  });

  it('refuses it with any byte changed, and cut anywhere', async () => {
    const verifyProof = await verifier();
    expect(verifyProof(proof, root)).toBeTruthy();
    for (let i = 0; i < proof.length; i += 1) {
      for (const mask of [1, 2, 0x20, 0x80, 0xff]) {
        const changed = Buffer.from(proof);
        changed[i] = (changed[i] ?? 0) ^ mask;
        expect(() => verifyProof(changed, root), `byte ${i} with ${mask}`).toThrow();
        // Also without a root to compare with.
        expect(() => verifyProof(changed), `byte ${i} with ${mask}`).toThrow();
      }
      expect(() => verifyProof(proof.subarray(0, i), root)).toThrow();
    }
  });

  it('has proofs for every drop, in chains of any length', async () => {
    const verifyProof = await verifier();
    const path = join(folder, 'growing');
    const engine = await open({ data: path, durability: 'relaxed' });
    for (let i = 0; i < 17; i += 1) {
      await engine.exec(`save a @k${i} n: ${i}`);
      const { root: now } = await verify(path);
      for (let j = 0; j <= i; j += 1) {
        const text = Buffer.from(JSON.stringify(await prove(path, 'a', `k${j}`)));
        expect(verifyProof(text, now)).toMatchObject({ key: `k${j}`, payload: { n: j } });
      }
    }
    await engine.close();
  });

  it('has nothing to prove of what is gone or never was', async () => {
    await expect(prove(data, 'users', 'nobody')).rejects.toMatchObject({ diagnostic: { code: 'NOT_FOUND' } });
  });
});
