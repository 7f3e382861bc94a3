import { html, type Html } from '../../../lib/text/html.ts'
import { plural } from '../../../lib/text/text.ts'
import { momentText, tookText } from '../../shared/as-text.ts'
import type { Beat } from '../../status/status.ts'

export interface BeatBarsOptions {
  /** Seconds; null where a check may take any time. */
  readonly limit: number | null
  readonly now: Date
  /** Whether each check says what it was. */
  readonly titles: boolean
  readonly tall?: boolean
}

/** As many as are remembered: a check has the same width from the first one on. */
const places = 45
/** As those of days, so that the sheet draws both. */
const step = 5
const height = 30

const heights = { up: 30, degraded: 18, down: 10 } as const

type Tone = keyof typeof heights

/** One bar per check, the newest at the right. */
export function beatBars(
  beats: readonly Beat[],
  { limit, now, titles, tall = false }: BeatBarsOptions,
): Html {
  const first = Math.max(0, places - beats.length)
  const runs: { readonly tone: Tone; readonly from: number; count: number; readonly title: string }[] = []
  beats.forEach((beat, index) => {
    const tone = toneOf(beat, limit)
    const last = runs.at(-1)
    if (!titles && last?.tone === tone) last.count++
    else runs.push({ tone, from: first + index, count: 1, title: titles ? titleOf(beat, now) : '' })
  })
  const drawn = runs.map(({ tone, from, count, title }) => {
    const line = html`<path class="${tone}" d="M${from * step} ${height - heights[tone] / 2}h${count * step}"`
    return title === '' ? html`${line}/>` : html`${line}><title>${title}</title></path>`
  })
  return html`<svg class="${tall ? 'days tall' : 'days'}" viewBox="0 0 ${places * step} ${height}" preserveAspectRatio="none" role="img" aria-label="${summary(beats, limit)}">${first === 0 ? '' : html`<path class="track" d="M0 15h${first * step}"/>`}${drawn}</svg>`
}

function toneOf({ seconds }: Beat, limit: number | null): Tone {
  if (seconds === null) return 'down'
  return limit !== null && seconds > limit ? 'degraded' : 'up'
}

function titleOf({ at, seconds }: Beat, now: Date): string {
  const what = seconds === null ? 'failed' : seconds === 0 ? 'succeeded' : tookText(seconds)
  return `${momentText(at, now)} UTC: ${what}`
}

function summary(beats: readonly Beat[], limit: number | null): string {
  const count = (tone: Tone): number => beats.filter((beat) => toneOf(beat, limit) === tone).length
  const [slow, failed] = [count('degraded'), count('down')]
  return `The last ${plural(beats.length, 'check')}: ${failed} failed, ${slow} slower than expected`
}
