import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { startCollector, type RunningCollector } from './support/collector.ts'
import { runProgram } from './support/programs.ts'
import { countedIn, startVendor, story, storyTargets } from './support/story.ts'

interface Language {
  readonly name: string
  readonly tools: readonly string[]
  /** The commands that play the story, in the language's folder of `clients`; the URLs go to the last. */
  readonly commands: (built: string) => readonly (readonly [program: string, ...args: string[]])[]
}

const languages: readonly Language[] = [
  {
    name: 'go',
    tools: ['go'],
    commands: (built) => [['go', 'build', '-o', join(built, 'story'), './story'], [join(built, 'story')]],
  },
  {
    name: 'java',
    tools: ['javac', 'java'],
    commands: (built) => [
      ['javac', '-d', built, 'probity/Probity.java', 'story/Story.java'],
      ['java', '-cp', built, 'story.Story'],
    ],
  },
  { name: 'ruby', tools: ['ruby'], commands: () => [['ruby', '-w', 'story.rb']] },
  { name: 'php', tools: ['php'], commands: () => [['php', 'story.php']] },
]

describe('clients in other languages', () => {
  let collector: RunningCollector
  let vendor: Awaited<ReturnType<typeof startVendor>>

  beforeAll(async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(file, storyTargets)
    collector = await startCollector(file)
    vendor = await startVendor()
  })
  afterAll(async () => {
    vendor.stop()
    await collector.stop()
  })

  for (const { name, tools, commands } of languages) {
    describeWithTool(
      tools,
      name,
      () => {
        it('reports every call once, for its target, with its outcome', async () => {
          const cwd = join(import.meta.dirname, '../../clients', name)
          const env = { PROBITY_CALLS_ADDRESS: collector.address, PROBITY_CALLER: name, PROBITY_VERSION: '1' }
          const all = commands(await tempFolder())
          for (const [index, [program, ...args]] of all.entries()) {
            const urls = index === all.length - 1 ? vendor.urls : []
            const { code, output } = await runProgram(program, [...args, ...urls], { cwd, env })
            expect(output).toBe('')
            expect(code).toBe(0)
          }
          const counted = async () => countedIn(await collector.metrics(), name)
          // What waits in the socket is counted in the order in which it came, so that a call too many shows too.
          await waitFor('the last calls', async () => (await counted()).parallel?.ok === story.parallel?.ok)
          const found = await counted()
          // The machine may be busy: only the call that waits is certain to be slow.
          expect(found.returns?.slow).toBeGreaterThanOrEqual(1)
          const outcomes = ({ slow: _slow, ...rest }: object & { slow?: number }): object => rest
          expect(
            Object.fromEntries(Object.entries(found).map(([target, one]) => [target, outcomes(one)])),
          ).toEqual(Object.fromEntries(Object.entries(story).map(([target, one]) => [target, outcomes(one)])))
          expect(await collector.metrics()).not.toMatch(/secret|card number/)
        })
      },
      { optional: true },
    )
  }
})
