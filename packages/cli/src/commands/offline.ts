import type { Listed } from '../command.js';

/** Commands that work on texts alone, without a store. */
export const offline = {
  compile: {
    name: 'compile',
    about: 'print a stage of the compiler',
    load: async () => (await import('./compile.js')).compile,
  },
  translate: {
    name: 'translate',
    about: 'a statement as SQL, for mongosh, as curl or REST',
    load: async () => (await import('./translate.js')).translate,
  },
  fmt: { name: 'fmt', about: 'format files of statements', load: async () => (await import('./fmt.js')).fmt },
  check: {
    name: 'check',
    about: 'find the mistakes in files of statements',
    load: async () => (await import('./check.js')).check,
  },
} as const satisfies Readonly<Record<string, Listed>>;
