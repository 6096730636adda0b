import { defineConfig } from 'vitest/config';

/** Tests run on the sources: the `drops-source` condition resolves workspace packages to `src`. */
export default defineConfig({
  resolve: { conditions: ['drops-source'] },
  ssr: { resolve: { conditions: ['drops-source'] } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'conformance/**/*.test.ts',
      'examples/**/*.test.ts',
      'grammar/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most of the time was loading: files share what they load, and two run at a time, however few cores there are.
    isolate: false,
    maxWorkers: 2,
  },
});
