// What start, test and build share: the Node check, running a program, installing with the pinned pnpm.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.drops-stamp');

/** Ends the process with one clear sentence when Node is too old. */
export function requireNode(major) {
  if (Number(process.versions.node.split('.')[0]) >= major) return;
  console.error(`Drops needs Node ${major} or newer; this is ${process.version}. See https://nodejs.org`);
  process.exit(1);
}

/** Runs a program of this Node in the root folder; resolves to its exit code. */
export function runNode(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

/** The program of an installed package, by the `bin` that its manifest names. */
export function programOf(name, bin = name) {
  const folder = join(root, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]);
}

/** npm's own program: given by npm to its scripts, else the one beside Node. */
function npmProgram() {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find((path) => path && /npm-cli\.[cm]?js$/.test(path) && existsSync(path));
}

/** Runs npm; resolves to its exit code. */
export function runNpm(args, env, cwd = root) {
  const program = npmProgram();
  if (program) return runNode([program, ...args], { env, cwd });
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd,
      stdio: 'inherit',
      env,
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'package.json', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(join(root, file)));
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch} node${process.versions.modules}\n`;
}

/** Installs what the lockfile names, unless that is already there. The only step that needs the network. */
export async function install() {
  const wanted = wantedStamp();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.error(`installing with ${packageManager} …`);
  // CI: nothing may ask a question. NODE_ENV=production would leave out what the build needs.
  const env = { ...process.env, CI: 'true', NODE_ENV: 'development' };
  const code = await runNpm(
    [
      'exec',
      '--yes',
      '--',
      packageManager,
      'install',
      '--frozen-lockfile',
      '--prod=false',
      '--reporter=append-only',
    ],
    env,
  );
  if (code !== 0) {
    console.error('the installation failed; see above');
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}
