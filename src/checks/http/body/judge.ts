import type { BodyJudge, BodyQuestion } from './question.ts'
import { createBodyThreads } from './threads.ts'
import { regexOf } from './captured.ts'
import { judgeBody } from './verdict.ts'
import { Steps } from '../json-path/steps.ts'

/*
 * What is done at once, without a thread: some milliseconds of work, which everything else waits for.
 */
const maxBytes = 32 * 1024
const maxSteps = 20_000
/** Instructions of a regex times the bytes that it is held against; each takes up to 100 ns. */
const maxRegexWork = 400_000

/** Makes a judge that answers at once what takes little, and leaves everything else to threads. */
export function createBodyJudge(threads: BodyJudge = createBodyThreads()): BodyJudge {
  return async (bytes, question, signal) => {
    // What an expression or a schema costs is not known before.
    const { cel = [], schemas = [], values = [] } = question.rules ?? {}
    const isCheap = cel.length === 0 && schemas.length === 0 && values.length === 0
    if (isCheap && bytes.length <= maxBytes && regexWork(bytes, question) <= maxRegexWork) {
      const steps = new Steps(maxSteps)
      const answer = judgeBody(bytes, question, steps)
      if (!steps.exhausted) return answer
    }
    return threads(bytes, question, signal)
  }
}

function regexWork({ length }: Buffer, { rules, captures }: BodyQuestion): number {
  const patterns = [
    ...(rules ? [...rules.matches, ...rules.notMatches] : []),
    ...captures.flatMap(({ pattern }) => pattern ?? []),
  ]
  return patterns.reduce((work, pattern) => work + regexOf(pattern).programSize() * length, 0)
}
