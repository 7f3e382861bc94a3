import { basename } from 'node:path'
import { randomFrom } from '../alerts/evaluator/timelines.ts'
import { candidatesOf, secondsOfAll } from './candidates.ts'
import { unnoticedOfAlert, unnoticedOfRecord } from './judge.ts'
import { mutantsOf, type Mutant } from './mutants.ts'
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

/** Seconds by which durations are changed: more than 2.x and 3.x differ at the edge of a window, which is one evaluation. */
const minStep = 30

/** All rules files, with what promtool needs of them. */
export const slimRulesFiles = rulesFiles.map(slimRules)

const tests = testsFiles.map(slimTests)

/** Mistakes in one rule, which are judged together. */
export interface Judgement {
  /** What they are called where no test notices them. */
  readonly changes: readonly string[]
  /** Seconds that promtool plays where no test notices. */
  readonly seconds: number
  /** Says which of them no test notices. */
  readonly judge: (folder: string) => Promise<string[]>
}

/** How many mistakes to judge, and which. */
export interface Sample {
  readonly count: number
  readonly seed: number
}

/**
 * The mistakes in the rules of a file.
 *
 * @param sample Default: all.
 */
export function judgementsOf(file: RulesFile, sample?: Sample): Judgement[] {
  const step = Math.max(minStep, secondsOf(file.groups[0]!.interval))
  const all = rulesOf(file).flatMap((rule) => mutantsOf(rule, step).map((mutant) => ({ rule, mutant })))
  const chosen = new Set(sample ? someOf(all, sample) : all)
  return rulesOf(file).flatMap((rule) => {
    const mutants = all.filter((one) => one.rule === rule && chosen.has(one)).map(({ mutant }) => mutant)
    return mutants.length === 0 ? [] : [ofRule(rule, mutants, file)]
  })
}

function ofRule(rule: Rule, mutants: readonly Mutant[], file: RulesFile): Judgement {
  const pruned = tests
    .filter((one) => testedBy(one) === basename(file.file))
    .map((one) => prune(nameOf(rule), withRulesOf(one.rule_files), one))
    .filter(({ tests }) => tests.tests.length > 0)
  const candidates = candidatesOf(rule, pruned)
  const judge = rule.alert === undefined ? unnoticedOfRecord : unnoticedOfAlert
  return {
    changes: mutants.map(({ change }) => `${nameOf(rule)}: ${change}`),
    seconds: secondsOfAll(candidates),
    judge: (folder) => judge(rule, mutants, candidates, folder),
  }
}

function withRulesOf(paths: readonly string[]): RulesFile[] {
  const names = paths.map((path) => basename(path))
  return slimRulesFiles.filter(({ file }) => names.includes(basename(file)))
}

function someOf<T>(all: readonly T[], { count, seed }: Sample): T[] {
  const random = randomFrom(seed)
  return all
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ one }) => one)
}
