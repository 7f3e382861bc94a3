import { html, type Html } from '../../../lib/text/html.ts'
import { tookText } from '../../shared/as-text.ts'

export interface SparklineOptions {
  /** Seconds, evenly apart in time; null where nothing was seen. */
  readonly points: readonly (number | null)[]
  /** Seconds: where the line of the expectation is; null where there is none. */
  readonly limit: number | null
  /** What the points are, for who does not see them. */
  readonly label: string
}

/** Whole units, of which each point takes one across: short paths. */
const height = 60
const margin = 4

/** How long checks took, with the limit. Where nothing was seen the line is broken. */
export function sparkline({ points, limit, label }: SparklineOptions): Html {
  const seen = points.filter((point) => point !== null)
  const most = Math.max(...seen, limit ?? 0) || 1
  const width = Math.max(1, points.length - 1)
  const y = (value: number): number => Math.round(height - margin - (value / most) * (height - 2 * margin))
  const limitLine = limit === null ? '' : html`<path class="limit" d="M0 ${y(limit)}H${width}"/>`
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${described(seen, limit, label)}">${limitLine}<path class="line" d="${brokenLine(points, (index) => index, y)}"/></svg>`
}

/** A path through the points, interrupted where one is missing; a point alone is a dot. */
export function brokenLine(
  points: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = ''
  let drawing = false
  points.forEach((point, index) => {
    if (point === null) {
      drawing = false
      return
    }
    const alone = !drawing && (points[index + 1] ?? null) === null
    path += `${drawing ? 'L' : 'M'}${x(index)} ${y(point)}${alone ? 'h.1' : ''}`
    drawing = true
  })
  return path
}

function described(seen: readonly number[], limit: number | null, label: string): string {
  if (seen.length === 0) return `${label}: nothing was seen`
  const [least, most] = [Math.min(...seen), Math.max(...seen)]
  const expected = limit === null ? '' : `, expected at most ${tookText(limit)}`
  return `${label}: ${tookText(least)} to ${tookText(most)}${expected}`
}
