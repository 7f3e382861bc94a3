import { html, type Html } from '../../../../lib/text/html.ts'
import { plural } from '../../../../lib/text/text.ts'
import type { PublicDay } from '../../../status/public-targets.ts'
import type { DayBar } from '../../../status/status.ts'
import { dayTones, englishDays, type DayTone, type DayWords } from './day-words.ts'

/** What of a day is drawn: for public ones, the numbers are not shown. */
type DrawnDay = PublicDay & Partial<Pick<DayBar, 'checks' | 'failures'>>

export interface DayBarsOptions {
  /** 0 to 1: the share of checks that should succeed; a day below it is bad. */
  readonly slo: number
  readonly now: Date
  /**
   * Whether each day says what it was. `failures`: only those with a failure, because a public page is small. Without it one
   * sentence speaks for all: hundreds of targets are long enough.
   */
  readonly titles: boolean | 'failures'
  readonly tall?: boolean
  /** Default: English. */
  readonly words?: DayWords
}

/** Whether there are days to compare. */
export function hasDays(days: readonly Pick<DayBar, 'unobserved'>[]): boolean {
  return days.filter(({ unobserved }) => !unobserved).length > 1
}

/** Units of the drawing per day. The sheet makes a dashed line of each run of days: hundreds of targets fit a page. */
const step = 5
const height = 30

/** The worse a day, the lower its bar: the tone is not in the colour alone. As wide as the sheet strokes them. */
const heights: Readonly<Record<DayTone, number>> = { up: 30, most: 25, degraded: 18, down: 10, none: 30 }

/** Below this share of successful checks a day counts as down, whatever was promised. */
const downBelow = 0.95

/** One bar per day, the newest at the right. Days in which nothing was seen are hatched. */
export function dayBars(days: readonly DrawnDay[], options: DayBarsOptions): Html {
  const { titles, tall = false, slo, now, words = englishDays } = options
  const runs: { readonly tone: DayTone; readonly from: number; days: number; readonly title: string }[] = []
  days.forEach((day, index) => {
    const tone = toneOf(day, slo)
    const last = runs.at(-1)
    const titled = titles === true || (titles === 'failures' && tone !== 'up' && tone !== 'none')
    if (!titled && last?.tone === tone) last.days++
    else runs.push({ tone, from: index, days: 1, title: titled ? dayTitle(day, now, words) : '' })
  })
  const drawn = runs.map(({ tone, from, days: length, title }) => {
    const line = html`<path class="${tone}" d="${run(tone, from, length)}"`
    return title === '' ? html`${line}/>` : html`${line}><title>${title}</title></path>`
  })
  return html`<svg class="${tall ? 'days tall' : 'days'}" viewBox="0 0 ${days.length * step} ${height}" preserveAspectRatio="none" role="img" aria-label="${summary(days, slo, words)}">${drawn}</svg>`
}

function run(tone: DayTone, from: number, days: number): string {
  return `M${from * step} ${height - heights[tone] / 2}h${days * step}`
}

function toneOf({ availability }: DrawnDay, slo: number): DayTone {
  if (availability === null) return 'none'
  if (availability === 1) return 'up'
  if (availability >= slo) return 'most'
  return availability < Math.min(downBelow, slo) ? 'down' : 'degraded'
}

function dayTitle({ day, availability, checks, failures }: DrawnDay, now: Date, words: DayWords): string {
  const date = words.date(new Date(`${day}T00:00:00Z`), now)
  if (availability === null) return `${date}: ${words.tones.none}`
  const share = words.share(availability)
  if (checks === undefined || failures === undefined) return `${date}: ${share}`
  return `${date}: ${share}, ${failures} of ${plural(checks, 'check')} failed`
}

function summary(days: readonly DrawnDay[], slo: number, words: DayWords): string {
  const tones = days.map((day) => toneOf(day, slo))
  const counts = dayTones
    .map((tone) => [tones.filter((each) => each === tone).length, words.tones[tone]] as const)
    .filter(([count]) => count > 0)
  return words.summary(days.length, counts)
}

/** What the bars mean. */
export function dayLegend(words = englishDays): Html {
  const rows = dayTones.map(
    (tone) =>
      html`<li><svg class="days" viewBox="0 0 3.6 ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="${tone}" d="${run(tone, 0, 1)}"/></svg>${words.tones[tone]}</li>`,
  )
  return html`<ul class="legend">${rows}</ul>`
}
