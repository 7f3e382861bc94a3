import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { equivalents } from './equivalents.ts'
import { judgementsOf, slimRulesFiles, type Sample } from './judgements.ts'
import { nameOf, rulesOf } from './shipped.ts'

/** Runs of promtool at a time: the machines that run this have two processors. */
const parallel = 2

/** PROBITY_MUTANTS=150 judges that many mistakes of each file, and not all; PROBITY_SEED chooses others. */
const count = Number(process.env.PROBITY_MUTANTS ?? Infinity)
const sample: Sample | undefined = Number.isFinite(count)
  ? { count, seed: Number(process.env.PROBITY_SEED ?? 1) }
  : undefined

describeWithTool(
  ['promtool'],
  'each comparison and each duration of the rules, changed, fails a test',
  () => {
    // The rules of the targets are played for hours: of a minute of all tests, that would be half.
    const played = slimRulesFiles.filter(({ file }) => proveAll || !basename(file).startsWith('targets'))
    it.each(played.map((file) => ({ file, name: basename(file.file) })))(
      '$name',
      async ({ file }) => {
        const folder = await tempFolder()
        const all = judgementsOf(file, proveAll ? sample : undefined)
        const waiting = proveAll ? all : all.sort((a, b) => a.seconds - b.seconds).slice(0, 1)
        const judged = new Set(waiting.flatMap(({ changes }) => changes))
        const unnoticed: string[] = []
        const work = async (): Promise<void> => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
            unnoticed.push(...(await next.judge(folder)))
        }
        await Promise.all(Array.from({ length: parallel }, work))
        expect(unnoticed.filter((change) => equivalents[change] === undefined)).toEqual([])
        if (!proveAll) return
        // A reason for what a test does notice, or for what is no longer there, is none.
        const names = new Set(rulesOf(file).map(nameOf))
        const listed = Object.keys(equivalents).filter((change) =>
          sample ? judged.has(change) : names.has(change.split(': ', 1)[0]!),
        )
        expect(listed.filter((change) => !unnoticed.includes(change))).toEqual([])
      },
      4 * 3_600_000,
    )
  },
)
