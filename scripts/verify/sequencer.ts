import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What a suite has in its text that starts its own programs, and thus waits more than it works. */
const startsPrograms =
  /\b(?:describeWith\w+|describeInBrowser|differentialSuite|onEachDatabase|startProgram|spawn\w*)\(/

/**
 * Which suite runs when. Those that start programs come first: the others fill the time in which these wait, and the longest
 * are not what is left at the end. Among equals it is as Vitest has it: what took longest the last time, else the largest.
 */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const waits = new Set(
      sorted.filter(({ moduleId }) => startsPrograms.test(readFileSync(moduleId, 'utf8'))),
    )
    return [...waits, ...sorted.filter((file) => !waits.has(file))]
  }
}
