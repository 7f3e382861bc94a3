import { allRules, limitRules } from '../../../../src/alerts/evaluator/rules/index.ts'
import type { Lifecycle } from '../../../../src/alerts/evaluator/rules/rule.ts'
import { targetLabels } from '../../../../src/config/target/labels.ts'
import { keyOf } from './solo.ts'
import type { Edit, Story, Subject } from './story.ts'

export type Labels = Readonly<Record<string, string>>

/** Stories are too short for what looks back over days, and say nothing of credentials and rate limits. */
const judged = allRules.targets.filter(
  (rule) => rule.id !== 'TargetBudgetBurnSlow' && !limitRules.includes(rule),
)

/** The names of all of them, and of the alerts about calls. */
export const everyName: ReadonlySet<string> = new Set([
  ...[...judged, ...allRules.calls].map(({ alertname }) => alertname),
  ...allRules.versions.map((make) => make({ caller: '', version: '' }).alertname),
])

/** An alert that may fire in a story. */
export interface Candidate {
  readonly rule: Lifecycle
  readonly labels: Labels
  readonly subject: Subject
  /** Whether the series that it is about is configured at a moment. */
  readonly isConfigured: (at: number) => boolean
}

/** Every alert that the rules might tell in a story. */
export function candidates(story: Story): Candidate[] {
  return story.subjects.flatMap((subject) => {
    const found = new Map<string, Candidate>()
    const add = (rule: Lifecycle, own: Labels, labelsOf: (edit: Edit) => Labels | undefined): void => {
      const labels = { ...own, ...rule.labels, alertname: rule.alertname, ...severityOf(rule) }
      const isConfigured = (at: number): boolean => {
        const edit = subject.edits.findLast((one) => one.at <= at)
        const now = edit && labelsOf(edit)
        return now !== undefined && keyOf(now) === keyOf(own)
      }
      if (!found.has(keyOf(labels))) found.set(keyOf(labels), { rule, labels, subject, isConfigured })
    }
    const probed = ({ target }: Edit): Labels | undefined => target && targetLabels(target, 'here')
    const called = ({ callTarget }: Edit): Labels | undefined =>
      callTarget && { ...callTarget.labels, target: callTarget.name }
    const versions = subject.calls.filter(({ version }) => version !== '')
    for (const edit of subject.edits) {
      for (const rule of judged) if (edit.target) add(rule, probed(edit)!, probed)
      for (const rule of [
        ...allRules.calls,
        ...versions.flatMap((of) => allRules.versions.map((make) => make(of))),
      ])
        if (edit.callTarget) add(rule, called(edit)!, called)
    }
    return [...found.values()]
  })
}

function severityOf({ severity }: Lifecycle): Labels {
  return severity === undefined ? {} : { severity }
}
