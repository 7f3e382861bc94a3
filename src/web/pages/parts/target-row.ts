import { html, type Html } from '../../../lib/text/html.ts'
import { tookText } from '../../shared/as-text.ts'
import type { Beat, TargetStatus } from '../../status/status.ts'
import { beatBars } from './beats.ts'
import { dayBars, hasDays } from './days/day-bars.ts'
import { icon } from './icons.ts'
import { locationsLine } from './locations.ts'
import { maintenanceMark } from './maintenance.ts'
import { labelsOf, searchText } from '../query.ts'
import { percentText } from './ratios.ts'
import { silencedMark } from './silenced.ts'
import { sparkline } from './sparkline.ts'
import { wordOf } from './states.ts'
import { ago, lasting } from './times.ts'
import { vendorLine } from '../vendor-says.ts'

export interface TargetRowOptions {
  readonly target: TargetStatus
  /** Its newest checks. */
  readonly beats: readonly Beat[]
  readonly now: Date
  /** Whether each day says what it was. */
  readonly titles: boolean
  readonly hidden: boolean
}

/** One target in the list. */
export function targetRow({ target, beats, now, titles, hidden }: TargetRowOptions): Html {
  const { name, instance, labels, state } = target
  const pairs = labelsOf(labels)
  const tags =
    pairs.length === 0
      ? ''
      : html` <ul class="labels" aria-label="Labels">${pairs.map((pair) => html`<li>${pair}</li>`)}</ul>`
  return html`<li class="target" data-key="${name}" data-state="${state}" data-text="${searchText(target)}" data-labels="${JSON.stringify(pairs)}"${hidden ? html` hidden` : ''}>
<div class="who">${icon(state)}<a href="${targetPath(name)}">${name}</a><div class="small quiet">${instance === name ? '' : instance}${tags}</div></div>
<div>${hasDays(target.days) ? past(target, now, titles) : checks(target, beats, now, titles)}</div>
<div>${speed(target, beats)}</div>
<div class="seen">${seen(target, now)}${elsewhere(target)}${vendorLine(target.vendor, state === 'down')}${maintenanceMark(target, now)}${silencedMark(target, now)}</div>
</li>
`
}

/** A job that calls is judged at once: how long that took says nothing. */
export function takesTime(kind: string): boolean {
  return kind !== 'heartbeat'
}

/** From the root of the site. */
export function targetPath(name: string): string {
  return `targets/${encodeURIComponent(name)}`
}

/** In the first days, a bar for each day would say nothing. */
function checks(
  { availability: { last24h }, expectation: { maxLatencySeconds: limit, slo } }: TargetStatus,
  beats: readonly Beat[],
  now: Date,
  titles: boolean,
): Html | '' {
  if (beats.length === 0) return ''
  return html`${beatBars(beats, { limit, now, titles })}
<div class="under"><span>${beats.length === 1 ? 'one check' : `last ${beats.length} checks`}</span>${last24h === null ? '' : html`<span>24 h ${share(last24h, slo)}</span>`}</div>`
}

function past({ days, availability, expectation }: TargetStatus, now: Date, titles: boolean): Html {
  const { last24h, last90d } = availability
  return html`${dayBars(days, { slo: expectation.slo, now, titles })}
<div class="under"><span>90 d ${share(last90d, expectation.slo)}</span><span>24 h ${share(last24h, expectation.slo)}</span></div>`
}

function share(ratio: number | null, slo: number): Html {
  if (ratio === null) return html`<b>–</b>`
  return html`<b class="number ${ratio < slo ? 'tone-down' : ''}">${percentText(ratio)}</b>`
}

/** Points of 24 hours below which the newest checks say more. */
const fewPoints = 3

function speed(
  { kind, sparkline: ofDay, latency, expectation, last }: TargetStatus,
  beats: readonly Beat[],
): Html | '' {
  if (!takesTime(kind)) return ''
  const young = ofDay.filter((point) => point !== null).length < fewPoints && beats.length >= fewPoints
  const points = young ? beats.map(({ seconds }) => seconds) : ofDay
  const label = young ? `Latency of the last ${beats.length} checks` : 'Latency over 24 hours'
  const { maxLatencySeconds: limit } = expectation
  const value = latency.p95Seconds
  const drawn = points.length === 0 ? '' : sparkline({ points, limit, label })
  const shown =
    value === undefined
      ? last?.success === true
        ? html`<span>last ${took(last.durationSeconds, limit)}</span>`
        : html`<span></span>`
      : html`<span>p95 ${took(value, limit)}</span>`
  return html`${drawn}<div class="under">${shown}${limit === null ? '' : html`<span class="number">max ${tookText(limit)}</span>`}</div>`
}

/** What other locations see of it. */
function elsewhere({ locations, state }: TargetStatus): Html | '' {
  const words = locationsLine(locations)
  if (words === '' || state === 'paused') return ''
  const isWrong = locations?.some((each) => each.state !== 'up') === true
  return html`<div class="small ${isWrong ? 'tone-degraded' : 'quiet'}">${words}</div>`
}

function took(seconds: number, limit: number | null): Html {
  return html`<b class="number ${seconds > (limit ?? Infinity) ? 'tone-degraded' : ''}">${tookText(seconds)}</b>`
}

function seen({ kind, state, awaited, since, last, expectation }: TargetStatus, now: Date): Html {
  const word = html`<span class="state ${state}">${wordOf(state)}</span>`
  if (state === 'paused')
    return html`${word}${last ? html` <span class="quiet">last checked ${ago(last.at, now)}</span>` : ''}`
  if (!last) return html`${word} <span class="quiet">not checked yet</span>`
  const { at, success, durationSeconds, statusCode, reason, message } = last
  const checked = html`<span class="quiet">checked ${ago(at, now)}</span>`
  if (!success)
    return html`${word} ${since ? html`for ${lasting(since, now)}` : ''} · ${checked}<div class="why"><span class="reason">${reason ?? ''}</span> ${message ?? ''}</div>`
  if (awaited) return html`${word} <span class="quiet">waiting for the first call</span>`
  if (!takesTime(kind)) return html`${word} ${since ? html`for ${lasting(since, now)}` : ''}`
  const code = statusCode === undefined ? '' : `HTTP ${statusCode} in `
  return html`${word} ${since && state === 'up' ? html`for ${lasting(since, now)}` : ''} · ${checked}<div class="quiet">${code}${took(durationSeconds, expectation.maxLatencySeconds)}</div>`
}
