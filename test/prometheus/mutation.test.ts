import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { equivalents } from './equivalents.ts'
import { secondsPlayed, unnoticedOfAlert, unnoticedOfRecord } from './judge.ts'
import { mutantsOf } from './mutants.ts'
import { prune } from './prune.ts'
import {
  nameOf,
  rulesFiles,
  rulesOf,
  secondsOf,
  testedBy,
  testsFiles,
  type Rule,
  type RulesFile,
} from './shipped.ts'
import { slimRules, slimTests } from './slim.ts'

/** Runs of promtool at a time: the machines that run this have two processors. */
const parallel = 2

/** Seconds by which durations are changed: more than 2.x and 3.x differ at the edge of a window, which is one evaluation. */
const minStep = 30

const rules = rulesFiles.map(slimRules)
const tests = testsFiles.map(slimTests)

interface Judgement {
  /** Seconds that promtool plays at most until the first test has noticed. */
  readonly seconds: number
  /** Says of some mutants of a rule which of them no test notices. */
  readonly judge: (folder: string) => Promise<string[]>
}

describeWithTool(
  ['promtool'],
  'each comparison and each duration of the rules, changed, fails a test',
  () => {
    // The rules of the targets are played for hours: of a minute of all tests, that would be half.
    const played = rules.filter(({ file }) => proveAll || !basename(file).startsWith('targets'))
    it.each(played.map((file) => ({ file, name: basename(file.file) })))(
      '$name',
      async ({ file }) => {
        const folder = await tempFolder()
        const all = rulesOf(file).flatMap((rule) => judgements(rule, file))
        const waiting = proveAll ? all : all.sort((a, b) => a.seconds - b.seconds).slice(0, 1)
        const unnoticed: string[] = []
        const work = async (): Promise<void> => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
            unnoticed.push(...(await next.judge(folder)))
        }
        await Promise.all(Array.from({ length: parallel }, work))
        expect(unnoticed.filter((change) => equivalents[change] === undefined)).toEqual([])
        if (!proveAll) return
        // A reason for what a test does notice, or for what is no longer there, is none.
        const names = rulesOf(file).map(nameOf)
        const listed = Object.keys(equivalents).filter((change) => names.includes(change.split(':', 1)[0]!))
        expect(listed.filter((change) => !unnoticed.includes(change))).toEqual([])
      },
      900_000,
    )
  },
)

function judgements(rule: Rule, file: RulesFile): Judgement[] {
  const mutants = mutantsOf(rule, Math.max(minStep, secondsOf(file.groups[0]!.interval)))
  if (mutants.length === 0) return []
  const pruned = tests
    .filter((one) => testedBy(one) === basename(file.file))
    .map((one) => prune(nameOf(rule), withRulesOf(one.rule_files), one))
    .filter(({ tests }) => tests.tests.length > 0)
  const seconds = secondsPlayed(rule, pruned)
  return rule.alert === undefined
    ? mutants.map((mutant) => ({
        seconds,
        judge: (folder) => unnoticedOfRecord(rule, mutant, pruned, folder),
      }))
    : [{ seconds, judge: (folder) => unnoticedOfAlert(rule, mutants, pruned, folder) }]
}

function withRulesOf(paths: readonly string[]): RulesFile[] {
  const names = paths.map((path) => basename(path))
  return rules.filter(({ file }) => names.includes(basename(file)))
}
