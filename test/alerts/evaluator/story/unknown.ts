import { targetFlapping } from '../../../../src/alerts/evaluator/rules/target/flapping.ts'
import type { Lifecycle } from '../../../../src/alerts/evaluator/rules/rule.ts'
import type { Candidate } from './candidates.ts'
import { keyOf, type Moment } from './solo.ts'
import { evaluation, scrapesOf, type Edit, type Story } from './story.ts'

/** Seconds that the alerts look back whose `window` is only the part that ends them. */
const looksBackOver: Readonly<Record<string, number>> = { TargetBudgetBurnFast: 6 * 3600 }

/** Alerts that take less to go on than to begin. Whether they fired before what was forgotten shows until they begin or end again. */
export const remembering: ReadonlySet<string> = new Set(['TargetSlow'])

/**
 * Whether solo cannot know what Prometheus does: a process that was gone has lost what an alert looks back at, and one that watches a
 * series again has forgotten it, and since when it failed.
 */
export function isUnknown(at: number, candidate: Candidate, story: Story): boolean {
  const { pauses } = story
  const { rule, subject, isConfigured } = candidate
  const recoveryAfter = (moment: number): number => {
    const found = scrapesOf(subject, story).find(({ at, shown }) => at > moment && shown && !shown.reason)
    return found ? found.at + 2 * evaluation : Infinity
  }
  const { looksBack, settled } = spansOf(rule, candidate)
  return (
    !isConfigured(at - evaluation) ||
    (looksBack > 0 &&
      pauses.some(
        ({ until, restart }) => at >= until && at < until + (restart ? settled : lasting(candidate)),
      )) ||
    begunEdits(candidate).some(
      (edit) => at >= edit.at && at < Math.max(edit.at + settled, recoveryAfter(edit.at)),
    )
  )
}

/**
 * Seconds for which it shows that Prometheus has decided while nothing answered. It goes on to look at the calls until then; what it
 * decides about checks needs the newest.
 */
function lasting({ rule, labels }: Candidate): number {
  return labels.location === undefined ? rule.keepFiringFor + (rule.holdsFor ?? 0) : 0
}

/** Seconds that a rule looks back, and those after which it knows everything again. */
function spansOf(rule: Lifecycle, { subject }: Candidate): { looksBack: number; settled: number } {
  const interval = Math.max(...subject.edits.map(({ target }) => target?.interval ?? 0))
  const looksBack = looksBackOver[rule.id] ?? rule.window(interval)
  const settled = looksBack + rule.keepFiringFor + (rule.holdsFor ?? 0) + Math.max(interval, evaluation)
  return { looksBack, settled }
}

/** The edits that make new series. */
function begunEdits({ subject, isConfigured }: Candidate): Edit[] {
  return subject.edits.filter(
    (edit, index) => index > 0 && isConfigured(edit.at) && !isConfigured(edit.at - 1),
  )
}

/**
 * When only one of the two knows how the target went up and down before an edit, so that it flaps there alone, and TargetDown may begin
 * in the other. Solo does where the edit made new series; Prometheus does where it brought series back.
 */
export function flapsByEarlierChanges(moments: readonly Moment[], candidate: Candidate): ReadonlySet<number> {
  const { rule, labels, subject, isConfigured } = candidate
  if (rule.id !== 'TargetDown' && rule.id !== targetFlapping.id) return new Set()
  const key = keyOf({ ...labels, alertname: targetFlapping.alertname })
  const { settled } = spansOf(targetFlapping, candidate)
  const begun = begunEdits(candidate)
  const back = begun.filter(({ at }) => subject.edits.some((edit) => edit.at < at && isConfigured(edit.at)))
  const isAfter = (edits: readonly Edit[], at: number): boolean =>
    edits.some((edit) => at >= edit.at && at < edit.at + settled)
  const times = new Set<number>()
  let goesOn = false
  for (const { at, firing } of moments) {
    goesOn = firing.has(key) && (goesOn || isAfter(begun, at))
    if (goesOn || isAfter(back, at)) times.add(at)
  }
  return times
}
