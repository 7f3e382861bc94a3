import { readFileSync } from 'node:fs'
import TestSequencer from '@jest/test-sequencer'

/** What a suite has in its text that starts its own programs, and thus waits more than it works. */
const startsPrograms =
  /\b(?:describeWith\w+|describeInBrowser|differentialSuite|onEachDatabase|startProgram|spawn\w*)\(/

/**
 * Which suite runs when. Those that start programs come first: the others fill the time in which these wait, and the longest
 * are not what is left at the end. Among equals it is as Jest has it: what took longest the last time, else the largest.
 */
export default class Sequencer extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests)
    const waits = new Set(sorted.filter(({ path }) => startsPrograms.test(readFileSync(path, 'utf8'))))
    return [...waits, ...sorted.filter((test) => !waits.has(test))]
  }
}
