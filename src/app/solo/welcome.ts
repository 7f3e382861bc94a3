import { cut, oneLine, plural } from '../../lib/text/text.ts'
import type { Solo } from './solo.ts'

/** How many targets are named; a terminal has one line for them. */
const maxNamed = 5

/** The first words to a person: what is watched, where the page is, and who is notified. Ends with a line break. */
export function welcome({ watched, url, notified }: Pick<Solo, 'watched' | 'url' | 'notified'>): string {
  return [
    `Probity watches ${named(watched())}.`,
    `Open ${url}/ for the status page, press Ctrl+C to stop.`,
    whoIsNotified(notified()),
    '',
  ].join('\n')
}

function named(targets: readonly string[]): string {
  if (targets.length === 0) return 'nothing yet: add targets to the configuration'
  const names = targets.slice(0, maxNamed).map((name) => cut(oneLine(name), 60))
  const more = targets.length - names.length
  return `${plural(targets.length, 'target')}: ${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}`
}

/** One line: who gets the alerts, or what to do if nobody does. */
export function whoIsNotified(channels: readonly string[]): string {
  return channels.length > 0
    ? `Alerts go to ${channels.join(', ')}.`
    : 'Alerts go to nobody yet: set SLACK_WEBHOOK_URL in .env and start again, or see docs/notify.md.'
}
