import { playSolo } from './solo.ts'
import { evaluation, type Story } from './story.ts'
import type { Span } from './tell.ts'

/** When an alert fires, as solo says. */
export function firingOf(told: Story, alertname: string, version?: string): Span[] {
  const spans: [number, number][] = []
  for (const { at, firing } of playSolo(told)) {
    const fires = [...firing.values()].some(
      ({ labels }) => labels.alertname === alertname && (version === undefined || labels.version === version),
    )
    if (!fires) continue
    const last = spans.at(-1)
    if (last?.[1] === at) last[1] = at + evaluation
    else spans.push([at, at + evaluation])
  }
  return spans
}
