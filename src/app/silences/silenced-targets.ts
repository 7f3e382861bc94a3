import { reachOf, type Silence } from '../../alerts/silences/silence.ts'
import { listedTargets, type Config } from '../../config/config.ts'
import { formatMatcher } from '../../config/notify/matchers.ts'
import { targetLabels } from '../../config/target/labels.ts'
import { inSlices } from '../../lib/time/slices.ts'

/** The labels that the alerts of each target have, by its name. */
export type LabelsOfTargets = ReadonlyMap<string, Readonly<Record<string, string>>>

/** Those of a configuration, of targets that are checked and of those that calls belong to; the same ones for as long as it is. */
export function labelsOfTargets(config: () => Config, location: string): () => LabelsOfTargets {
  let labels: { readonly of: Config; readonly byName: LabelsOfTargets } | undefined
  return () => {
    const of = config()
    if (labels?.of === of) return labels.byName
    const { callTargets } = of
    const ofCalls = callTargets.map(
      ({ name, labels, severity }) => [name, { ...labels, target: name, severity, location }] as const,
    )
    const checked = listedTargets(of).map((target) => [target.name, targetLabels(target, location)] as const)
    const byName = new Map([...ofCalls, ...checked])
    labels = { of, byName }
    return byName
  }
}

/** The names of the targets that each silence is about with all of their alerts. */
export type SilencedTargets = (
  silences: readonly Silence[],
  targets: LabelsOfTargets,
) => Promise<ReadonlyMap<Silence, readonly string[]>>

/**
 * Finds them, and remembers them for as long as there are the same targets: every page wants to know, and a thousand regexes on a
 * thousand names take seconds.
 */
export function silencedTargets(): SilencedTargets {
  let ofTargets: LabelsOfTargets | undefined
  let known = new Map<string, readonly string[]>()

  return async (silences, targets) => {
    const before = ofTargets === targets ? known : new Map<string, readonly string[]>()
    const now = new Map<string, readonly string[]>()
    const found = new Map<Silence, readonly string[]>()
    await inSlices(silences, (silence) => {
      if (silence.acknowledges) return
      const match = silence.matchers.map(formatMatcher).join()
      const names =
        now.get(match) ??
        before.get(match) ??
        [...targets].flatMap(([name, labels]) => (reachOf(silence, labels) === 'all' ? [name] : []))
      now.set(match, names)
      found.set(silence, names)
    })
    ofTargets = targets
    known = now
    return found
  }
}
