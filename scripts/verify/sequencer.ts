import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What a suite has in its text that starts its own programs, and thus waits more than it works. */
const startsPrograms =
  /\b(?:describeWith\w+|describeInBrowser|differentialSuite|onEachDatabase|startProgram|spawn\w*)\(/

/** Where suites start whole stacks: a minute or more each, most of which is waiting. */
const wholeStacks = '/test/e2e/'

/**
 * Which suite runs when. Those that start whole stacks come first, then those that start programs: the others fill the time in which
 * these wait, and the longest are not what is left at the end. Among equals it is as Vitest has it: what took longest the last time,
 * else the largest.
 */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification): number => {
      if (moduleId.includes(wholeStacks)) return 0
      return startsPrograms.test(readFileSync(moduleId, 'utf8')) ? 1 : 2
    }
    const ranks = new Map(sorted.map((file) => [file, rank(file)]))
    return sorted.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
  }
}
