import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drops } from './io.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-cli-'));
const data = join(folder, 'data');
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
let engine: Engine;
let server: Listening;

beforeAll(async () => {
  await drops(['exec', '-', '--data', data], {
    stdin: 'save users @alice name: "Alice" age: 30\nsave users @bob name: "Bob" age: 20\n',
  });
  engine = await open({ data });
  server = await listen(engine, { port: 0 });
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe('wrong usage ends with 2, says why and prints nothing', () => {
  it.each<[string, string[], RegExp]>([
    ['an unknown command', ['exce'], /unknown command exce; did you mean 'exec'/],
    ['a flag first', ['--data', 'x'], /unknown flag --data/],
    ['an unknown flag', ['exec', 'find a', '--jsn'], /unknown flag --jsn; did you mean '--json'/],
    ['no statement', ['exec'], /statement is missing/],
    ['two statements', ['exec', 'find', 'users'], /in quotes/],
    ['no --emit', ['compile', 'find a'], /--emit is missing/],
    ['a bad --emit', ['compile', 'find a', '--emit', 'asm'], /--emit asm is not one of tokens\|ast/],
    ['no --to', ['translate', 'find a'], /--to is missing/],
    ['a bad --to', ['translate', 'find a', '--to', 'mysq'], /did you mean 'mysql'/],
    ['a bad port', ['serve', '--port', 'http'], /--port http is not a port/],
    ['a port without a number', ['serve', '--port'], /--port needs a value/],
    ['a port out of range', ['serve', '--port', '70000'], /is not a port/],
    ['an argument of serve', ['serve', 'now'], /takes no argument/],
    ['an unknown mode', ['serve', '--auth', 'none'], /not one of bearer\|signed/],
    ['an unknown durability', ['serve', '--durability', 'relax'], /did you mean 'relaxed'/],
    ['a folder and a server', ['exec', 'find a', '--data', 'x', '--url', 'http://x'], /exclude each other/],
    ['a server that is none', ['exec', 'find a', '--url', 'ftp://x'], /not an http address/],
    ['a parameter without a value', ['exec', 'find a', '--param', 'x'], /not name=json/],
    ['a parameter that is no JSON', ['exec', 'find a', '--param', 'x=abc'], /is not JSON/],
    ['no file', ['check'], /file, or - for standard input, is missing/],
    ['writing to standard input', ['fmt', '-', '--write'], /--write needs files/],
    ['no backup file', ['backup'], /file is missing/],
  ])('%s', async (_name, argv, message) => {
    const { code, out, err } = await drops(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/see drops .*--help/);
  });

  it('shows the overview when nothing is said', async () => {
    const { code, out, err } = await drops([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('translate');
  });
});

describe('help ends with 0', () => {
  it.each([
    'serve',
    'repl',
    'exec',
    'explain',
    'compile',
    'translate',
    'fmt',
    'check',
    'verify',
    'prove',
    'rebuild',
    'backup',
    'restore',
  ])('%s --help', async (name) => {
    for (const argv of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ]) {
      const { code, out, err } = await drops(argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`drops ${name}`);
    }
  });
  it('--help, help, --version', async () => {
    expect((await drops(['--help'])).code).toBe(0);
    expect((await drops(['help'])).out).toContain('COMMAND');
    expect((await drops(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('exec', () => {
  it('prints the same on a folder and on its server', async () => {
    const texts = [
      'find users',
      'find users where age > 25 then pick name',
      'count users',
      'get users @alice',
      'get users @nobody',
      'find users whre age',
      'find users limit $n',
      'find users\ncount users',
      'find users; find users whre',
      'explain find users where age > 3',
      'translate "find users" to sql',
      'status users',
    ];
    for (const text of texts) {
      for (const more of [[], ['--json']]) {
        const embedded = await drops(['exec', text, ...more, '--data', data]);
        const remote = await drops(['exec', text, ...more, '--url', server.url]);
        expect(remote).toEqual(embedded);
      }
    }
  });

  it('prints a table, or JSON', async () => {
    const { out } = await drops(['exec', 'find users', '--data', data]);
    expect(out).toBe('key    name   age\n─────  ─────  ───\nalice  Alice   30\nbob    Bob     20\n2 rows\n');
    const json: unknown = JSON.parse((await drops(['exec', 'find users', '--json', '--data', data])).out);
    expect(json).toMatchObject({ count: 2, results: [{ key: 'alice' }, { key: 'bob' }] });
  });

  it('binds parameters', async () => {
    const { out } = await drops([
      'exec',
      'find users where name = $n then count',
      '--param',
      'n="Bob"',
      '--data',
      data,
    ]);
    expect(out).toBe('1\n');
  });

  it('draws the place of an error, and prints nothing', async () => {
    const { code, out, err } = await drops(['exec', 'count users\nfind users whre age > 3', '--data', data]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('2 | find users whre age > 3\n  |            ^^^^');
    expect(err).toContain("did you mean 'where'?");
  });

  it('says that a server is out of reach', async () => {
    const { code, err } = await drops(['exec', 'find a', '--url', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(err).toMatch(/^cannot reach http:\/\/127.0.0.1:9: /);
  });

  it('refuses a key of another form', async () => {
    for (const place of [
      ['--data', data],
      ['--url', server.url],
    ]) {
      const { code, err } = await drops(['exec', 'find users', '--key', 'mine', ...place]);
      expect(code).toBe(1);
      expect(err).toContain('INVALID_KEY');
    }
  });

  it('takes the folder from the environment', async () => {
    expect((await drops(['exec', 'count users'], { env: { DROPS_DATA: data } })).out).toBe('2\n');
  });

  it('explains, with places in the text that was given', async () => {
    expect((await drops(['explain', 'find users where age > 3', '--data', data])).out).toContain('RouteScan');
    const { code, err } = await drops(['explain', 'find users whre age', '--data', data]);
    expect(code).toBe(1);
    expect(err).toContain('1 | find users whre age\n  |            ^^^^');
  });
});

describe('the compiler', () => {
  it.each([
    ['sql', 'SELECT * FROM "users" WHERE "age" > 3;\n'],
    ['mysql', 'SELECT * FROM `users` WHERE `age` > 3;\n'],
  ])('compiles to %s', async (target, text) => {
    const statement = 'find users where age > 3';
    expect(await drops(['compile', statement, '--emit', target])).toEqual({ code: 0, out: text, err: '' });
    expect(await drops(['translate', statement, '--to', target])).toEqual({ code: 0, out: text, err: '' });
  });

  it.each(['tokens', 'ast', 'ir', 'plan'])('prints %s as JSON', async (stage) => {
    const { code, out } = await drops(['compile', 'find users where age > 3', '--emit', stage]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toBeTypeOf('object');
  });

  it('prints several statements as an array', async () => {
    const { out } = await drops(['compile', 'find a; find b', '--emit', 'sql']);
    expect(JSON.parse(out)).toEqual(['SELECT * FROM "a";', 'SELECT * FROM "b";']);
  });

  it('leaves parameters open', async () => {
    expect((await drops(['compile', 'find a where b = $c', '--emit', 'ir'])).code).toBe(0);
  });

  it('writes the host of DROPS_PUBLIC_URL', async () => {
    const env = { DROPS_PUBLIC_URL: 'https://drops.example.com' };
    expect((await drops(['translate', 'find a', '--to', 'curl'], { env })).out).toContain(
      'https://drops.example.com/',
    );
  });

  it.each([
    ['find users where age > 3', 'sql', 'exact only as long as', 'rows that tie come in any order'],
    [
      'count users where age > 3',
      'sql',
      'exact only as long as',
      'columns have the types the statement implies',
    ],
    [
      'find users limit 3',
      'sqlite',
      'no exact translation to sqlite',
      'without a sort the database picks the rows',
    ],
    [
      'count users where lower(a) = "x"',
      'mongo',
      'no exact translation to mongo',
      'lower changes ASCII letters only',
    ],
  ])('--strict refuses %s to %s and says why', async (statement, target, ...why) => {
    for (const words of [
      ['translate', statement, '--to', target],
      ['compile', statement, '--emit', target],
    ]) {
      expect((await drops(words)).code).toBe(0);
      const { code, out, err } = await drops([...words, '--strict']);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      for (const text of ['UNSUPPORTED', statement, ...why]) expect(err).toContain(text);
    }
  });

  it.each([
    ['count users', 'sql'],
    ['find users where age > 3', 'mongo'],
    ['find users limit 3', 'curl'],
  ])('--strict lets %s to %s pass, which is exact', async (statement, target) => {
    const words = ['translate', statement, '--to', target];
    expect(await drops([...words, '--strict'])).toEqual(await drops(words));
  });

  it('translates one statement', async () => {
    const { code, out, err } = await drops(['translate', 'find a; find b', '--to', 'sql']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('1 | find a; find b\n  |         ^^^^^^');
  });

  it.each(['', '   ', '-- nothing'])('refuses %j', async (text) => {
    const { code, out, err } = await drops(['compile', '-', '--emit', 'ast'], { stdin: text });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('SYNTAX_ERROR');
  });
});

describe('files', () => {
  it('are formatted, comments kept', async () => {
    const { code, out } = await drops(['fmt', '-'], { stdin: '-- all\nfind   users where age>3 // why\n' });
    expect(code).toBe(0);
    expect(out).toContain('-- all\n');
    expect(out).toContain('find users where age > 3');
    expect(out).toContain('why');
    expect((await drops(['fmt', '-'], { stdin: out })).out).toBe(out);
  });

  it('are written only when all are right', async () => {
    const good = file('good.drops', 'find   a\n');
    const bad = file('bad.drops', 'find a whre\n');
    const failed = await drops(['fmt', '--write', good, bad]);
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toContain('bad.drops:1:8');
    expect(readFileSync(good, 'utf8')).toBe('find   a\n');
    expect(await drops(['fmt', '--write', good])).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(good, 'utf8')).toBe('find a\n');
  });

  it('are checked: every error with its place', async () => {
    const bad = file('two.drops', 'find a whre\n\nfind b\n\nfind c where == 3\n');
    const { code, err } = await drops(['check', bad, '-'], { stdin: 'find d whre' });
    expect(code).toBe(1);
    expect(err).toContain(`${bad}:1:8: error[SYNTAX_ERROR]: `);
    expect(err).toContain(`${bad}:5:14: error[SYNTAX_ERROR]: `);
    expect(err).toContain('-:1:8: error[SYNTAX_ERROR]: ');
    expect(err).toContain('1 | find a whre\n  |        ^^^^');
  });

  it('pass with warnings, which are not called errors', async () => {
    const { code, err } = await drops(['check', '-'], { stdin: 'save a @b n: 12345678901234567890\n' });
    expect(code).toBe(0);
    expect(err).toMatch(/^-:1:\d+: warning\[/);
    expect(err).not.toContain('error');
    expect(await drops(['check', '-'], { stdin: 'find a\n' })).toEqual({ code: 0, out: '', err: '' });
  });

  it('must be there and be text', async () => {
    expect(await drops(['check', join(folder, 'none')])).toMatchObject({ code: 1, out: '' });
    const binary = join(folder, 'binary');
    writeFileSync(binary, new Uint8Array([0xff, 0xfe]));
    expect((await drops(['check', binary])).err).toContain('not UTF-8');
  });
});

describe('looking after data', () => {
  it('backs up, restores, verifies, rebuilds', async () => {
    const backup = join(folder, 'backup');
    const copy = join(folder, 'copy');
    expect((await drops(['backup', backup, '--data', data])).out).toMatch(/^ok: 2 drops/);
    expect((await drops(['restore', backup, '--data', copy])).out).toMatch(/^ok: 2 drops/);
    expect((await drops(['verify', '--data', copy])).out).toMatch(/^ok: 2 records/);
    expect((await drops(['rebuild', '--data', copy])).code).toBe(0);
    const ask = async (at: string) => (await drops(['exec', 'find users', '--json', '--data', at])).out;
    expect(await ask(copy)).toBe(await ask(data));
  });

  it('refuses what is no backup, and data that is not there', async () => {
    const { code, out } = await drops(['restore', file('foreign', 'hello'), '--data', join(folder, 'new')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const missing = await drops(['verify', '--data', join(folder, 'nothing')]);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toContain('no data at');
  });
});

describe('the prompt on a pipe', () => {
  it('runs what comes, without noise', async () => {
    const stdin =
      'count users\n.json on\ncount users\n.json off\nsave t @a {\n  x: 1\n}\nfind t\n.sql find users\n.exit\ncount users\n';
    const { code, out, err } = await drops(['repl', '--data', data], { stdin });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^2\n\{"count":2\}\ndrop_id /);
    expect(out).toContain('key  x\n───  ─\na    1\n1 row\n');
    expect(out.endsWith('SELECT * FROM "users";\n')).toBe(true);
  });

  it('goes on after an error, and ends with 0', async () => {
    const { code, out, err } = await drops(['repl', '--url', server.url], {
      stdin: 'find users whre\n.frob\n.sq\ncount users',
    });
    expect({ code, out }).toEqual({ code: 0, out: '2\n' });
    expect(err).toContain('1 | find users whre\n  |            ^^^^');
    expect(err).toContain('unknown command .frob');
    expect(err).toContain("did you mean '.sql'");
  });
});

describe('what is not there yet says so', () => {
  it.each([[['serve', '--auth', 'signed'], /signed is not part of this version/]])(
    '%s',
    async (argv, message) => {
      const { code, out, err } = await drops(argv);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(message);
    },
  );
});
