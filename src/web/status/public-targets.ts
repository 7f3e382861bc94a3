import { targetsOf, type PublicPage } from '../../config/public-page.ts'
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
 * What anybody may see on a page: the names, states and days of the targets that the configuration names for it. Everything is
 * picked, so that nothing is public because it was added elsewhere.
 *
 * @returns In the order of the configuration.
 */
export async function publicStatus(source: StatusSource, page: PublicPage): Promise<readonly PublicTarget[]> {
  const chosen = new Set(targetsOf(page))
  const targets = await source.overview()
  return targets
    .filter(({ name }) => chosen.has(name))
    .map(({ name, state, days }) => ({
      name,
      state,
      days: days.map(({ day, availability, unobserved }) => ({ day, availability, unobserved })),
    }))
}

/** The page that a path is of, or is below; undefined where there is none. */
export function pageAt(source: Pick<StatusSource, 'publicPages'>, path: string): PublicPage | undefined {
  const asked = path.toLowerCase()
  return source.publicPages().find((page) => asked === page.path || asked.startsWith(`${page.path}/`))
}
