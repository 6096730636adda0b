import type { Listed } from '../command.js';
import { offline } from './offline.js';

/** Every command. Each is loaded when it is called: `--version` loads none of them. */
export const commands: readonly Listed[] = [
  { name: 'serve', about: 'serve the data over HTTP', load: async () => (await import('./serve.js')).serve },
  { name: 'repl', about: 'type statements, see results', load: async () => (await import('./repl.js')).repl },
  { name: 'exec', about: 'run statements', load: async () => (await import('./exec.js')).exec },
  {
    name: 'explain',
    about: 'show how a statement would run',
    load: async () => (await import('./explain.js')).explain,
  },
  offline.compile,
  offline.translate,
  {
    name: 'import',
    about: 'write the rows of a file to a route',
    load: async () => (await import('./import.js')).importFile,
  },
  {
    name: 'export',
    about: 'print a route in another format',
    load: async () => (await import('./export.js')).exportRoute,
  },
  offline.fmt,
  offline.check,
  { name: 'verify', about: 'check the hash chain', load: async () => (await import('./verify.js')).verify },
  {
    name: 'prove',
    about: 'prove that a drop is in the chain',
    load: async () => (await import('./prove.js')).prove,
  },
  {
    name: 'rebuild',
    about: 'derive everything again from the log',
    load: async () => (await import('./rebuild.js')).rebuild,
  },
  {
    name: 'backup',
    about: 'write everything to one file',
    load: async () => (await import('./backup.js')).backup,
  },
  {
    name: 'restore',
    about: 'make a store of such a file',
    load: async () => (await import('./restore.js')).restore,
  },
  {
    name: 'copy',
    about: 'copy a store to another place',
    load: async () => (await import('./copy.js')).copy,
  },
];
