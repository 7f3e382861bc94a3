import type { CallCounts, CallsView, VersionCalls } from '../rule.ts'

/** One version of a caller. */
export type Version = Pick<VersionCalls, 'caller' | 'version'>

/** How many calls of a kind there were, of those that can be of it. */
interface Share {
  readonly found: number
  readonly of: number
}

/** What versions are compared by. */
export type Kind = (calls: CallCounts) => Share

/** Calls that fail, of those that report how they ended. */
export const failing: Kind = ({ ok, errors }) => ({ found: errors, of: ok + errors })

/** Calls that are too slow, of all. */
export const slow: Kind = (calls) => ({ found: calls.slow, of: calls.total })

/** A version that is worse than the other versions of its caller. */
export interface Worse {
  /** Its share, and the one of the others, from 0 to 1. */
  readonly own: number
  readonly others: number
  /** Calls that were compared, in half an hour. */
  readonly ownCalls: number
  readonly otherCalls: number
}

/**
 * A version of a caller against all its other versions, by two tests of two proportions: a z-test with the pooled share, and one with
 * the arcsines of both. Where few calls fail or are slow, the first takes chance for evidence if those few are of the version, and the
 * second if they are of the others: together they do neither.
 *
 * @returns Nothing where it is not worse, or where that may be chance.
 */
export function isWorse(
  kind: Kind,
  { versions }: CallsView,
  { caller, version }: Version,
): Worse | undefined {
  const ofCaller = versions.filter((one) => one.caller === caller && one.version !== '')
  const it = ofCaller.find((one) => one.version === version)
  // A version that makes no calls any more was taken back.
  if (!it || it.fiveMinutes.total <= 0) return undefined
  const own = kind(it.halfHour)
  const all = ofCaller.map(({ halfHour }) => kind(halfHour))
  const others = { found: sum(all, 'found') - own.found, of: sum(all, 'of') - own.of }
  const [ownShare, othersShare] = [own.found / own.of, others.found / others.of]
  const pooled = (own.found + others.found) / (own.of + others.of)
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / own.of + 1 / others.of))
  // NaN, and so no evidence, where there is nothing to compare with. Estimates are seldom whole numbers, so limits lie between two.
  const isEvidence =
    (ownShare - othersShare) / spread > 4 &&
    (arcsine(ownShare) - arcsine(othersShare)) / Math.sqrt(1 / own.of + 1 / others.of) > 3.5 &&
    own.of >= 9.5 &&
    own.found >= 4.5
  return isEvidence
    ? { own: ownShare, others: othersShare, ownCalls: own.of, otherCalls: others.of }
    : undefined
}

/** A share of estimates may be above one. */
function arcsine(share: number): number {
  return 2 * Math.asin(Math.sqrt(Math.min(share, 1)))
}

function sum(shares: readonly Share[], which: keyof Share): number {
  return shares.reduce((total, share) => total + share[which], 0)
}
