import { html, type Html } from '../../../lib/text/html.ts'
import { tookText } from '../../shared/as-text.ts'

/** Phases that have their own colour, as a check goes through them. */
const known = ['resolve', 'connect', 'tls', 'processing', 'transfer']

const words: Readonly<Record<string, string>> = {
  resolve: 'name lookup',
  connect: 'connect',
  tls: 'TLS',
  processing: 'waiting',
  transfer: 'transfer',
}

const width = 1000

/** Where the time of a check went. */
export function phaseBar(phases: Readonly<Record<string, number>>, totalSeconds: number): Html {
  const seconds = Object.entries(phases)
  const measured = seconds.reduce((sum, [, value]) => sum + value, 0)
  const whole = Math.max(totalSeconds, measured, Number.MIN_VALUE)
  let at = 0
  const parts = seconds.map(([phase, value]) => {
    const from = at
    at += (value / whole) * width
    return html`<rect class="${toneOf(phase)}" x="${from.toFixed(1)}" width="${(at - from).toFixed(1)}" height="26"><title>${nameOf(phase)}: ${tookText(value)}</title></rect>`
  })
  const list = seconds.map(
    ([phase, value]) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${toneOf(phase)}" width="10" height="10" rx="2"/></svg>${nameOf(phase)} <b class="number">${tookText(value)}</b></li>`,
  )
  return html`<svg class="stack" viewBox="0 0 ${width} 26" preserveAspectRatio="none" aria-hidden="true">${parts}</svg><ul class="phases">${list}</ul>`
}

function toneOf(phase: string): string {
  return known.includes(phase) ? phase : 'rest'
}

function nameOf(phase: string): string {
  return words[phase] ?? phase.replaceAll('_', ' ')
}
