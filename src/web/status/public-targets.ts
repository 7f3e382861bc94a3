import type { DayBar, StatusSource, TargetState } from './status.ts'

/** What the public page, its JSON and its badges say about a target. Nothing else may be in it. */
export interface PublicTarget {
  readonly name: string
  readonly state: TargetState
  /** 90 days, today last. Empty without a history. */
  readonly days: readonly PublicDay[]
}

export type PublicDay = Pick<DayBar, 'day' | 'availability' | 'unobserved'>

/**
 * What anybody may see: the names, states and days of the targets that the configuration names. Everything is picked, so that
 * nothing is public because it was added elsewhere.
 *
 * @returns Undefined where there is no public page.
 */
export async function publicStatus(source: StatusSource): Promise<readonly PublicTarget[] | undefined> {
  const names = source.publicTargets()
  if (!names) return undefined
  const chosen = new Set(names)
  const targets = await source.overview()
  return targets
    .filter(({ name }) => chosen.has(name))
    .map(({ name, state, days }) => ({
      name,
      state,
      days: days.map(({ day, availability, unobserved }) => ({ day, availability, unobserved })),
    }))
}
