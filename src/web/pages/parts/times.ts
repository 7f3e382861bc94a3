import { html, type Html } from '../../../lib/text/html.ts'
import { agoText, dayText, spanText } from '../../shared/as-text.ts'

/** `21 Nov 03:15`. */
export function momentText(at: Date, now: Date): string {
  return `${dayText(at, now)} ${clockText(at)}`
}

/** `14:41`. */
function clockText(at: Date): string {
  return at.toISOString().slice(11, 16)
}

/** The end of what began before: on the same day its time alone. */
export function until(from: Date, to: Date, now: Date): Html {
  const sameDay = from.toISOString().slice(0, 10) === to.toISOString().slice(0, 10)
  const text = sameDay ? clockText(to) : momentText(to, now)
  return html`<time datetime="${to.toISOString()}" title="${exact(to)}">${text}</time>`
}

/** A moment, exactly on demand. */
export function moment(at: Date, now: Date): Html {
  return html`<time datetime="${at.toISOString()}" title="${exact(at)}">${momentText(at, now)}</time>`
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
