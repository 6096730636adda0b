import { describe, expect, it } from 'vitest';
import { createApp } from '../app.js';
import { fakeEngine } from '../engine.fixture.js';

function setUp() {
  const engine = fakeEngine();
  const app = createApp(engine);
  const ask = (body: string, accept = 'application/x-ndjson') =>
    app.request('/exec', { method: 'POST', body, headers: { accept } });
  return { engine, ask };
}

describe('rows as lines', () => {
  it('sends one row a line', async () => {
    const response = await setUp().ask('rows 1000');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(1000);
    expect(JSON.parse(lines[999] ?? '')).toMatchObject({ n: 999 });
  });

  it('sends nothing for no rows', async () => {
    expect(await (await setUp().ask('rows 0')).text()).toBe('');
  });

  it('is found among other types', async () => {
    const response = await setUp().ask('rows 1', 'text/html, Application/X-NDJSON;q=0.9');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  });

  it('ends with the error that came between', async () => {
    const response = await setUp().ask('fail after 2');
    expect(response.status).toBe(200);
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([{ n: 0 }, { n: 1 }, { error: { code: 'QUERY_TOO_COMPLEX', status: 400 } }]);
  });

  it('gives an error before the first row its own status', async () => {
    const response = await setUp().ask('fail after 0');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'QUERY_TOO_COMPLEX' } });
  });

  it('does not matter to other statements', async () => {
    expect(await (await setUp().ask('save a @b c: 1')).json()).toMatchObject({ call: 'exec' });
  });

  it('pulls no further than is read, and stops when the reader goes', async () => {
    const { engine, ask } = setUp();
    const response = await ask('rows 100000000');
    const reader = response.body?.getReader();
    await reader?.read();
    expect(engine.closedStreams).toBe(0);
    await reader?.cancel();
    expect(engine.closedStreams).toBe(1);
  });
});
