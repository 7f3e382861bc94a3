import type { Mutant } from './mutants.ts'
import { inParts, type Pruned } from './prune.ts'
import { testRules } from './scratch.ts'
import { nameOf, secondsUntilEnd, type Rule } from './shipped.ts'

/** There while a mutant records something else than the rule. */
const differs = 'mutant:differs'

const besides = (index: number): string => `mutant:record${index}`

/**
 * The mutants of a record that ever record something else than it does, or fail, while a group of tests is played. They stand next to
 * it and read what it has recorded: one that has recorded the same until now has the same past. No test of the group can notice others.
 *
 * @param candidate One group of tests, and the rules that it needs.
 * @param folder Where files may be written.
 * @param programs Versions of promtool.
 */
export async function differingIn(
  candidate: Pruned,
  rule: Rule,
  mutants: readonly Mutant[],
  folder: string,
  programs: readonly string[],
): Promise<Mutant[]> {
  const failing: Mutant[] = []
  for (;;) {
    const asked = mutants.filter((mutant) => !failing.includes(mutant))
    const { output } = await testRules(sideBySide(candidate, rule, asked), folder, programs)
    const found = (pattern: RegExp): Mutant[] =>
      asked.filter((_mutant, index) =>
        [...output.matchAll(pattern)].some(([, number]) => Number(number) === index),
      )
    const failed = found(/rule: mutant:record(\d+),/g)
    failing.push(...failed)
    if (failed.length === 0) return [...failing, ...found(/mutant="(\d+)"/g)]
  }
}

/** Only what the record needs, the mutants after it, and a question that tells which of them differ. */
function sideBySide({ rules, tests }: Pruned, rule: Rule, mutants: readonly Mutant[]): Pruned {
  const group = tests.tests[0]!
  const asking = (expr: string): Pruned['tests'] => ({
    ...tests,
    tests: [
      {
        ...group,
        name: '',
        alert_rule_test: [],
        promql_expr_test: [{ expr, eval_time: `${Math.ceil(secondsUntilEnd(group))}s`, exp_samples: [] }],
      },
    ],
  })
  const name = nameOf(rule)
  // Before the record: what they read of it is older than what it records now.
  const before = mutants.map(({ rule: { expr } }, index): Rule => ({ record: besides(index), expr }))
  const after = before.map(({ record: other = '' }, index): Rule => {
    const expr = `count(${name} != ${other} or (${name} unless ${other}) or (${other} unless ${name}))`
    return { record: differs, expr, labels: { mutant: String(index) } }
  })
  return {
    rules: inParts(rules, asking(name)).flatMap((part) =>
      part.rules.map((file) => ({
        ...file,
        groups: file.groups.map((one) => ({
          ...one,
          rules: one.rules.flatMap((each) => (each === rule ? [...before, each, ...after] : [each])),
        })),
      })),
    ),
    tests: asking(`group by (mutant) (present_over_time(${differs}[10000h]))`),
  }
}
