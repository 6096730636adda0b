import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@drops/client';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newKey, notesOf } from './notes.js';

const data = mkdtempSync(join(tmpdir(), 'drops-signed-notes-'));
let engine: Engine;
let server: Listening;
beforeAll(async () => {
  engine = await open({ data, signed: true, durability: 'relaxed' });
  server = await listen(engine, { port: 0 });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

it('keeps notes that only their writer can read', async () => {
  const { url } = server;
  const [alice, bob] = [await newKey(url), await newKey(url)];
  const client = createClient({ url, privateKey: alice.private });
  const notes = notesOf(client);
  await notes.write('today', 'Buy milk');
  expect(await notes.list()).toEqual([{ key: 'today', text: 'Buy milk' }]);

  const stranger = createClient({ url, privateKey: bob.private });
  await expect(stranger.exec(`find ${alice.public}/notes`)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  // To know the key is not enough where requests are signed.
  const thief = createClient({ url, key: alice.public });
  await expect(thief.exec(`find ${alice.public}/notes`)).rejects.toMatchObject({
    code: 'SIGNATURE_REQUIRED',
  });
});
