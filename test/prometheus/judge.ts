import { expect } from 'vitest'
import { promtools } from '../support/programs/promtool.ts'
import { differingIn } from './differing.ts'
import type { Mutant } from './mutants.ts'
import type { Pruned } from './prune.ts'
import { testRules } from './scratch.ts'
import { nameOf, type Rule } from './shipped.ts'
import { withVariants } from './variants.ts'

/** What one version of promtool notices is noticed. */
const oneVersion = promtools.slice(0, 1)

/**
 * Which mutants of an alert no test notices.
 *
 * @param folder Where files may be written.
 */
export async function unnoticedOfAlert(
  rule: Rule,
  mutants: readonly Mutant[],
  candidates: readonly Pruned[],
  folder: string,
): Promise<string[]> {
  let left = mutants
  for (const candidate of candidates) {
    if (left.length === 0) break
    const { names, pruned: beside } = withVariants(rule, left, candidate)
    const { output } = await testRules(beside, folder, oneVersion)
    // Without its mistake the rule passes; otherwise a failure says nothing.
    expect(output).not.toMatch(new RegExp(String.raw`\b${nameOf(rule)}\b`))
    left = left.filter((_mutant, index) => !output.includes(names[index]!))
  }
  return left.map(({ change }) => `${nameOf(rule)}: ${change}`)
}

/** The same of a record. Nothing can read a mutant next to it as if it were the record: each is played alone, where it makes a difference. */
export async function unnoticedOfRecord(
  rule: Rule,
  mutants: readonly Mutant[],
  candidates: readonly Pruned[],
  folder: string,
): Promise<string[]> {
  let left = mutants
  for (const candidate of candidates) {
    if (left.length === 0) break
    const noticed = new Set<Mutant>()
    for (const mutant of await differingIn(candidate, rule, left, folder, oneVersion)) {
      const { passed } = await testRules(replaceRule(candidate, rule, mutant.rule), folder, oneVersion)
      if (!passed) noticed.add(mutant)
    }
    // Without a mistake the rules pass; otherwise a failure says nothing.
    if (noticed.size > 0)
      expect(await testRules(candidate, folder, oneVersion)).toMatchObject({ passed: true })
    left = left.filter((mutant) => !noticed.has(mutant))
  }
  return left.map(({ change }) => `${nameOf(rule)}: ${change}`)
}

function replaceRule({ rules, tests }: Pruned, rule: Rule, replacement: Rule): Pruned {
  const replace = (one: Rule): Rule => (one === rule ? replacement : one)
  return {
    tests,
    rules: rules.map((file) => ({
      ...file,
      groups: file.groups.map((group) => ({ ...group, rules: group.rules.map(replace) })),
    })),
  }
}
