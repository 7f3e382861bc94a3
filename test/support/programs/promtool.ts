import { execFile } from 'node:child_process'
import { atEnd } from '../at-end.ts'
import { moreVersions } from './tools.ts'

/** The versions of promtool to test with: that on PATH, and those of PROBITY_PROMTOOL. */
export const promtools: readonly string[] = ['promtool', ...moreVersions('PROBITY_PROMTOOL')]

/** What a run of promtool came to. */
export interface PromtoolResult {
  readonly passed: boolean
  /** Everything it printed. */
  readonly output: string
}

/**
 * Go collects when its heap is five times what was in use, not twice, and on the processor that it works on anyway: a quarter
 * less work, for 80 MB at most.
 */
const fewCollections = { GOGC: '400', GOMAXPROCS: '1' }

/**
 * Runs promtool. A check that fails is a result; a promtool that cannot be run rejects. One that runs longer than its suite ends with it.
 *
 * @param input What it reads from stdin. Default: nothing.
 */
export function promtool(program: string, args: readonly string[], input = ''): Promise<PromtoolResult> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...fewCollections }
    const child = execFile(program, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error instanceof Error && !('code' in error && typeof error.code === 'number')) reject(error)
      else resolve({ passed: error === null, output: stdout + stderr })
    })
    atEnd(() => child.kill())
    child.stdin?.end(input)
  })
}
