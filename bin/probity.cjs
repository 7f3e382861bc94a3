#!/usr/bin/env node
'use strict'
// getaddrinfo runs on libuv's thread pool, and slow resolvers of some targets must not delay the others. The pool's
// size is read once, when it is first used, so it is set before anything else is loaded.
process.env.UV_THREADPOOL_SIZE ??= '256'
// Between two full collections, V8 lets the heap of a busy process grow to several times of what it needs. Collected at a
// third more, 10,000 targets take half the memory, for the same CPU. An exporter with fewer targets changes it.
const v8 = require('node:v8')
v8.setFlagsFromString('--heap-growing-percent=30')
// V8 compiles the parts of the built-in database that are called often a second time, with much memory that it does not give back.
// With one of them at a time, and only those that are called very often, solo takes 60 MB less.
v8.setFlagsFromString('--wasm-num-compilation-tasks=1')
v8.setFlagsFromString('--wasm-tiering-budget=50000000')
// New objects of solo get half of the usual room: the other half would be 16 MB that the database needs more.
if (process.argv[2] === 'solo') v8.setFlagsFromString('--max-semi-space-size=8')
import('../dist/cli.js').then(
  ({ main }) => main(process.argv),
  (error) => {
    process.exitCode = 1
    if (error.code === 'EMFILE' || error.code === 'ENFILE') {
      process.stderr.write(
        'this process may not have enough files open: raise the limit with "ulimit -n 65536"\n',
      )
      return
    }
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    process.stderr.write(
      `probity is not built yet: run "npm start", or "npm ci && npm run build" (${error.message})\n`,
    )
  },
)
