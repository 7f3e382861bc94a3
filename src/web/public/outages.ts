import { targetsOf, type PublicPage } from '../../config/public-page.ts'
import type { StatusSource } from '../status/status.ts'

/** When a target was down. Nothing else of an incident is for everybody. */
export interface Outage {
  readonly target: string
  readonly from: Date
  /** Absent while it lasts. */
  readonly to?: Date
}

const backMs = 30 * 86_400_000
const maxOutages = 50
/** Of all targets: those of a page may be few among them. */
const maxAsked = 1000

/**
 * When targets of a page were down in the last 30 days, the newest first; none where the page does not say so. What began in a
 * maintenance is left out, because nobody was to expect anything then.
 */
export async function outagesFor(
  page: PublicPage,
  source: StatusSource,
  now: Date,
): Promise<readonly Outage[]> {
  if (!page.incidents) return []
  const shown = new Set(targetsOf(page))
  const found = await source.incidents({ from: new Date(now.getTime() - backMs), limit: maxAsked })
  return found
    .filter(({ target, inMaintenance }) => shown.has(target) && inMaintenance !== true)
    .slice(0, maxOutages)
    .map(({ target, startedAt, endedAt }) => ({ target, from: startedAt, ...(endedAt && { to: endedAt }) }))
}
