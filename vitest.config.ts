import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { Sequencer } from './scripts/verify/sequencer.ts'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^probity-client$/, replacement: file('client/src/index.ts') },
      { find: /^probity-client\/(\w+)$/, replacement: file('client/src/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    sequence: { sequencer: Sequencer },
    pool: 'forks',
    // The suites of a worker share their modules: to load them anew for each was a third of all the work.
    isolate: false,
    // Twice as many as the machines that run this have processors: a suite often waits for a program that it started.
    maxWorkers: 4,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
