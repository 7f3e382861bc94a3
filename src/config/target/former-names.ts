import type { Report } from '../../checks/kind.ts'
import { seen } from '../../settings/values/value.ts'

/** A target, and where what is wrong with its `was` is reported. */
export interface Renamed {
  readonly name: string
  /** The names that it had before. */
  readonly was?: readonly string[]
  readonly report: Report
}

/** Reports the former names that are in use, and those that two targets claim: each past belongs to one target. */
export function checkFormerNames(targets: readonly Renamed[]): void {
  const names = new Set(targets.map(({ name }) => name))
  const claimed = new Map<string, string>()
  for (const { name, was = [], report } of targets) {
    for (const [index, former] of was.entries()) {
      const problem = problemOf(former, name, names, claimed.get(former))
      if (problem !== undefined) report(['was', index], `${seen} ${problem}`)
      claimed.set(former, name)
    }
  }
}

function problemOf(
  former: string,
  name: string,
  names: ReadonlySet<string>,
  claimedBy: string | undefined,
): string | undefined {
  if (former === name) return 'is the name that the target has now: expected one that it had before'
  if (names.has(former)) return 'is the name of another target: expected one that is no longer used'
  if (claimedBy === name) return 'is listed twice'
  if (claimedBy !== undefined) return `is already a former name of target ${JSON.stringify(claimedBy)}`
  return undefined
}
