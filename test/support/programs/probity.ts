import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'

/**
 * What Node.js is given to run Probity as it was built, without the optimizing compiler of WebAssembly: a program of a test ends
 * before the faster PostgreSQL would have saved the second of a processor that it takes to make it.
 */
export const probity: readonly string[] = ['--liftoff-only', join(root, 'bin/probity.cjs')]
