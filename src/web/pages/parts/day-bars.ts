import { html, type Html } from '../../../lib/text/html.ts'
import { dayText } from '../../shared/as-text.ts'
import type { PublicDay } from '../../status/public-targets.ts'
import type { DayBar } from '../../status/status.ts'
import { percentText } from './ratios.ts'
import { plural } from '../../../lib/text/text.ts'

/** What of a day is drawn: for public ones, the numbers are not shown. */
type DrawnDay = PublicDay & Partial<Pick<DayBar, 'checks' | 'failures'>>

export interface DayBarsOptions {
  /** 0 to 1: the share of checks that should succeed; a day below it is bad. */
  readonly slo: number
  readonly now: Date
  /** Whether each day says what it was. Without it one sentence speaks for all: hundreds of targets are long enough. */
  readonly titles: boolean
  readonly tall?: boolean
}

/** Whether there are days to compare. */
export function hasDays(days: readonly Pick<DayBar, 'unobserved'>[]): boolean {
  return days.filter(({ unobserved }) => !unobserved).length > 1
}

type Tone = 'up' | 'most' | 'degraded' | 'down' | 'none'

/** Units of the drawing per day. The sheet makes a dashed line of each run of days: hundreds of targets fit a page. */
const step = 5
const height = 30

/** The worse a day, the lower its bar: the tone is not in the colour alone. As wide as the sheet strokes them. */
const heights: Readonly<Record<Tone, number>> = { up: 30, most: 25, degraded: 18, down: 10, none: 30 }

/** Below this share of successful checks a day counts as down, whatever was promised. */
const downBelow = 0.95

/** One bar per day, the newest at the right. Days in which nothing was seen are hatched. */
export function dayBars(days: readonly DrawnDay[], options: DayBarsOptions): Html {
  const { titles, tall = false, slo, now } = options
  const runs: { readonly tone: Tone; readonly from: number; days: number; readonly title: string }[] = []
  days.forEach((day, index) => {
    const tone = toneOf(day, slo)
    const last = runs.at(-1)
    if (!titles && last?.tone === tone) last.days++
    else runs.push({ tone, from: index, days: 1, title: titles ? dayTitle(day, now) : '' })
  })
  const drawn = runs.map(({ tone, from, days: length, title }) => {
    const line = html`<path class="${tone}" d="${run(tone, from, length)}"`
    return title === '' ? html`${line}/>` : html`${line}><title>${title}</title></path>`
  })
  return html`<svg class="${tall ? 'days tall' : 'days'}" viewBox="0 0 ${days.length * step} ${height}" preserveAspectRatio="none" role="img" aria-label="${summary(days, slo)}">${drawn}</svg>`
}

function run(tone: Tone, from: number, days: number): string {
  return `M${from * step} ${height - heights[tone] / 2}h${days * step}`
}

function toneOf({ availability }: DrawnDay, slo: number): Tone {
  if (availability === null) return 'none'
  if (availability === 1) return 'up'
  if (availability >= slo) return 'most'
  return availability < Math.min(downBelow, slo) ? 'down' : 'degraded'
}

function dayTitle({ day, availability, checks, failures }: DrawnDay, now: Date): string {
  const date = dayText(new Date(`${day}T00:00:00Z`), now)
  if (availability === null) return `${date}: unobserved`
  const share = percentText(availability)
  if (checks === undefined || failures === undefined) return `${date}: ${share}`
  return `${date}: ${share}, ${failures} of ${plural(checks, 'check')} failed`
}

/** All days in a sentence, for who does not see them. */
function summary(days: readonly DrawnDay[], slo: number): string {
  const tones = days.map((day) => toneOf(day, slo))
  const counts = legendRows
    .map(([tone, text]) => [tones.filter((each) => each === tone).length, text] as const)
    .filter(([count]) => count > 0)
  return `${plural(days.length, 'day')}: ${counts.map(([count, text]) => `${count} ${text}`).join(', ')}`
}

const legendRows: readonly (readonly [tone: Tone, text: string])[] = [
  ['up', 'no failure'],
  ['most', 'within the objective'],
  ['degraded', 'below it'],
  ['down', 'far below'],
  ['none', 'unobserved'],
]

/** What the bars mean. */
export function dayLegend(): Html {
  const rows = legendRows.map(
    ([tone, text]) =>
      html`<li><svg class="days" viewBox="0 0 3.6 ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="${tone}" d="${run(tone, 0, 1)}"/></svg>${text}</li>`,
  )
  return html`<ul class="legend">${rows}</ul>`
}
