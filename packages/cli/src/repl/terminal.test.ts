import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'drops-terminal-'));
let sessions = 0;
let socket = '';
const history = join(folder, 'drops', 'history');

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) console.warn('skipped: the tests of the prompt on a terminal need tmux');

const tmux = (...args: readonly string[]) =>
  execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p').trimEnd();
const shows = (text: string | RegExp) => expect.poll(screen, { timeout: 10_000, interval: 50 }).toMatch(text);
/** Types text and keys by their tmux names, slowly enough for each to be taken. */
const type = (...keys: readonly string[]) => keys.forEach((key) => tmux('send-keys', key));

describe.skipIf(!hasTmux)('the prompt on a terminal', () => {
  beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--bundle']));
  beforeEach(async () => {
    // A server of its own for each: one that is just ending takes no new session.
    sessions += 1;
    socket = join(folder, `tmux-${sessions}`);
    const bin = join(root, 'packages', 'cli', 'bin', 'drops.js');
    const env = `env LC_ALL=C.UTF-8 XDG_STATE_HOME=${folder}`;
    const command = `${env} ${process.execPath} ${bin} repl --data ${join(folder, 'data')}; echo ended with $?; sleep 60`;
    tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '40', command);
    await shows(/❯$/);
  });
  afterEach(() => void spawnSync('tmux', ['-S', socket, 'kill-server']));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs statements over several lines and draws tables with their time', async () => {
    type('save users @alice {', 'Enter');
    await shows(/… ❯$/);
    type('name: "Alice" }', 'Enter');
    await shows(/tx +\d+\n.* ms\n/);
    type('find users', 'Enter');
    await shows(/key +name\n─+ +─+\nalice +Alice\n1 row\n[\d.]+ ms\ndrops ❯$/);
  });

  it('completes keywords, routes and fields', async () => {
    type('fin', 'Tab');
    await shows(/❯ find$/);
    type(' us', 'Tab');
    await shows(/❯ find users$/);
    type(' whe', 'Tab');
    await shows(/❯ find users where$/);
    type(' na', 'Tab');
    await shows(/❯ find users where name$/);
  });

  it('recalls a statement of several lines as one, also in the next session', async () => {
    type('Up', 'Up');
    await shows(/❯ save users @alice \{ name: "Alice" \}$/);
    expect(readFileSync(history, 'utf8')).toContain('find users\n');
    expect(statSync(history).mode & 0o777).toBe(0o600);
  });

  it('draws a caret under a mistake and goes on', async () => {
    type('find users whre', 'Enter');
    await shows(/1 \| find users whre\n +\| +\^\^\^\^\n +hint: did you mean 'where'\?\ndrops ❯$/);
  });

  it('drops a half-typed line at Ctrl-C and stays', async () => {
    type('find half', 'C-c');
    await shows(/find half\^C\ndrops ❯$/);
    type('save x (', 'Enter');
    await shows(/… ❯$/);
    type('C-c');
    await shows(/\^C\ndrops ❯$/);
    type('count users', 'Enter');
    await shows(/\n1\n[\d.]+ ms\ndrops ❯$/);
  });

  it('leaves with 0 at Ctrl-D and at .exit', async () => {
    type('C-d');
    await shows(/ended with 0/);
  });

  it('leaves with 0 at .exit', async () => {
    type('.exit', 'Enter');
    await shows(/ended with 0/);
  });

  it('keeps keys off the disk', async () => {
    type(`count users where owner = "${'k'.repeat(43)}"`, 'Enter');
    await shows(/\n0\n/);
    expect(readFileSync(history, 'utf8')).not.toContain('kkk');
  });
});
