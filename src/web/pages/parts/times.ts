import { html, type Html } from '../../../lib/text/html.ts'
import { agoText, clockText, momentText, spanText } from '../../shared/as-text.ts'

/** The end of what began before: on the same day its time alone. */
export function until(from: Date, to: Date, now: Date): Html {
  const sameDay = from.toISOString().slice(0, 10) === to.toISOString().slice(0, 10)
  const text = sameDay ? clockText(to) : momentText(to, now)
  return html`<time data-moment="${sameDay ? 'clock' : 'day'}" datetime="${to.toISOString()}" title="${exact(to)}">${text}</time>`
}

/** A moment, exactly on demand. A script shows it in the zone of the reader. */
export function moment(at: Date, now: Date): Html {
  return html`<time data-moment="day" datetime="${at.toISOString()}" title="${exact(at)}">${momentText(at, now)}</time>`
}

/** How long ago, kept true in the browser. */
export function ago(at: Date, now: Date): Html {
  return html`<time data-age datetime="${at.toISOString()}" title="${exact(at)}">${agoText((now.getTime() - at.getTime()) / 1000)}</time>`
}

/** For how long by now, kept true in the browser. */
export function lasting(since: Date, now: Date): Html {
  return html`<time data-age="span" datetime="${since.toISOString()}" title="since ${exact(since)}">${spanText((now.getTime() - since.getTime()) / 1000)}</time>`
}

function exact(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
