#!/usr/bin/env node
'use strict'
// getaddrinfo runs on libuv's thread pool, and slow resolvers of some targets must not delay the others. The pool's
// size is read once, when it is first used, so it is set before anything else is loaded.
process.env.UV_THREADPOOL_SIZE ??= '256'
// Between two full collections, V8 lets the heap of a busy process grow to several times of what it needs. Collected at a
// third more, 10,000 targets take half the memory, for the same CPU.
require('node:v8').setFlagsFromString('--heap-growing-percent=30')
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
    process.stderr.write(`probity is not built yet: run "npm run build" (${error.message})\n`)
  },
)
