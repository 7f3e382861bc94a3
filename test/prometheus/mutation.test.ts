import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { someOf } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { unnoticedOfAlert, unnoticedOfRecord } from './judge.ts'
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

/** Says of some mutants of a rule which of them no test notices. */
type Judgement = (folder: string) => Promise<string[]>

describeWithTool(
  ['promtool'],
  'each comparison and each duration of the rules, changed, fails a test',
  () => {
    it.each(rules.map((file) => ({ file, name: basename(file.file) })))(
      '$name',
      async ({ file }) => {
        const folder = await tempFolder()
        const all = rulesOf(file).flatMap((rule) => judgements(rule, file))
        const waiting = someOf(all, 16)
        const unnoticed: string[] = []
        const work = async (): Promise<void> => {
          for (let judge = waiting.shift(); judge !== undefined; judge = waiting.shift())
            unnoticed.push(...(await judge(folder)))
        }
        await Promise.all(Array.from({ length: parallel }, work))
        expect(unnoticed).toEqual([])
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
  return rule.alert === undefined
    ? mutants.map((mutant) => (folder) => unnoticedOfRecord(rule, mutant, pruned, folder))
    : [(folder) => unnoticedOfAlert(rule, mutants, pruned, folder)]
}

function withRulesOf(paths: readonly string[]): RulesFile[] {
  const names = paths.map((path) => basename(path))
  return rules.filter(({ file }) => names.includes(basename(file)))
}
