import { formatDuration } from '../../settings/values/duration.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { cut, excerpt, oneLine, plainText } from '../../lib/text/text.ts'
import type { Ending, Notification } from '../channel.ts'
import { groupWords } from './group-words.ts'
import type { Fact, Link, Words } from './parts.ts'
import { remarkOf } from './remark.ts'

const maxTitle = 200
/** Two less than a short message holds: in its alphabet an ellipsis is three full stops. */
const maxShort = 158
const maxSentence = 1000
const maxFact = 300
const maxOutput = 2000

/** Says a notification in words, which may be about several alerts. */
export function wordsOf({ others = [], ...notification }: Notification): Words {
  if (others.length > 0)
    return groupWords([notification, ...others], wordsOf, endingOf, ({ sentences, facts, links }) =>
      bodyOf(sentences, withLinks(facts, links), ''),
    )
  const sentences = sentencesOf(notification)
  const facts = factsOf(notification)
  const links = linksOf(notification)
  const output = excerpt(plainText(bounded(notification.lastOutput ?? '')).trim(), maxOutput)
  return {
    title: titleOf(notification, maxTitle, ''),
    sentences,
    facts,
    links,
    output,
    body: bodyOf(sentences, withLinks(facts, links), output),
    short: titleOf(notification, maxShort, shortSince(notification)),
  }
}

/** What is said of each way to end without a recovery that somebody has seen. */
const endings = {
  unwatched: {
    short: 'no longer watched',
    sentence: 'The target is no longer watched: nobody knows whether it has recovered.',
  },
  paused: {
    short: 'paused',
    sentence: 'The target was paused: nobody knows whether it has recovered.',
  },
  unreported: {
    short: 'no longer reported',
    sentence: 'The alert is no longer reported by Alertmanager, which did not say when it ended.',
  },
} as const satisfies Record<Ending, object>

/** How an alert ended, in a word or a few. */
function endingOf({ ended }: Pick<Notification, 'ended'>): string {
  return ended === undefined ? 'resolved' : endings[ended].short
}

/** `CRITICAL: shop has failed every check for 1m 30s`, or `RESOLVED: TargetDown of shop after 5m`. */
function titleOf(notification: Notification, maxLength: number, end: string): string {
  const { status, severity, test } = notification
  const state = status === 'resolved' ? endingOf(notification) : line(severity, 20) || 'firing'
  const prefix = `${test ? 'TEST: ' : ''}${state.toUpperCase()}: `
  const what = status === 'resolved' ? endOf(notification) : line(notification.summary, maxSentence)
  return prefix + cut(what, maxLength - prefix.length - end.length) + end
}

function endOf({ alertname, target, formerly, startsAt, endsAt }: Notification): string {
  const whom = target === '' ? '' : ` of ${line(withFormer(target, formerly), maxFact)}`
  return `${line(alertname, maxFact)}${whom}${endsAt ? ` after ${lasted(startsAt, endsAt)}` : ''}`
}

/** `shop (formerly market)`. */
function withFormer(target: string, formerly: string | undefined): string {
  return formerly === undefined ? target : `${target} (formerly ${formerly})`
}

/** The year is known. */
const shortDate = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

function shortSince({ status, startsAt }: Notification): string {
  return status === 'resolved' ? '' : ` (since ${shortDate.format(startsAt).replace(',', '')} UTC)`
}

function sentencesOf({ status, ended, summary, description, test, ...rest }: Notification): string[] {
  return [
    ended === undefined ? '' : endings[ended].sentence,
    test ? 'This is a test: nothing has happened. Somebody is testing whether notifications arrive.' : '',
    status === 'resolved' ? `It was: ${line(summary, maxSentence)}` : line(summary, maxSentence),
    // It says what is so now, and what to do.
    status === 'resolved' ? '' : line(description, maxSentence),
    remarkOf(rest),
  ].filter((sentence) => sentence !== '')
}

/** Labels that have their own place, or say only how Prometheus got there. */
const notShown = new Set(['alertname', 'target', 'severity', 'location', 'instance', 'job', 'notify', 'le'])

function factsOf(notification: Notification): Fact[] {
  const { alertname, target, formerly, severity, startsAt, endsAt, labels, alertCount } = notification
  const { lastSuccess = '', failureCount = '', failedChecks = String(failureCount) } = notification
  const own = Object.entries(labels).filter(([name]) => !notShown.has(name))
  const facts: [name: string, value: string][] = [
    ['Target', withFormer(target, formerly)],
    ['Alert', severity === '' ? alertname : `${alertname} (${severity})`],
    ['Seen', notification.seen ?? ''],
    ['Reason', notification.reason ?? ''],
    ['Since', dateTime(startsAt)],
    ['Until', endsAt ? `${dateTime(endsAt)} (${lasted(startsAt, endsAt)})` : ''],
    ['Failed checks', failedChecks],
    ['Last success', lastSuccess instanceof Date ? dateTime(lastSuccess) : lastSuccess],
    ['Location', labels.location ?? ''],
    ['Phases', notification.phases ?? ''],
    ['Also failing', notification.alsoFailing ?? ''],
    ['Shared', notification.shared ?? ''],
    ['Route', notification.route ?? ''],
    ['Witnesses', notification.witnesses ?? ''],
    ['Change', notification.afterMark ?? ''],
    ['Repair', notification.repair ?? ''],
    ['Notification', (alertCount ?? 1) > 1 ? `number ${alertCount} of this alert` : ''],
    ['Labels', own.map(([name, value]) => `${name}=${bounded(value)}`).join(', ')],
  ]
  return facts
    .map(([name, value]) => ({ name, value: line(value, maxFact) }))
    .filter(({ value }) => value !== '')
}

function linksOf(notification: Notification): Link[] {
  const { targetUrl = '', incidentUrl = '', acknowledgeUrl = '', silenceUrl = '' } = notification
  const { runbookUrl, dashboardUrl } = notification
  const links = [
    { name: 'Page', url: targetUrl },
    { name: 'Incident', url: incidentUrl },
    { name: 'Acknowledge', url: acknowledgeUrl },
    { name: 'Silence', url: silenceUrl },
    { name: 'Runbook', url: runbookUrl },
    { name: 'Dashboard', url: dashboardUrl },
  ]
  return links.filter(({ url }) => isWebAddress(url))
}

/** A path such as docs/alerts.md leads nowhere from a message; anything but http(s) may lead to a program. */
function isWebAddress(url: string): boolean {
  return (
    url.length <= 2000 &&
    /^https?:\/\/[\x21-\x7e]+$/i.test(url) &&
    !/["'<>|\\^`{}]/.test(url) &&
    URL.canParse(url)
  )
}

function withLinks(facts: readonly Fact[], links: readonly Link[]): Fact[] {
  return [...facts, ...links.map(({ name, url }) => ({ name, value: url }))]
}

function bodyOf(sentences: readonly string[], facts: readonly Fact[], output: string): string {
  const width = Math.max(...facts.map(({ name }) => name.length)) + 1
  const table = facts.map(({ name, value }) => `${`${name}:`.padEnd(width)} ${value}`)
  // Indented, so that no output can pass for a line of ours.
  const shown =
    output === '' ? [] : ['Last output:', ...output.split('\n').map((text) => `    ${text}`.trimEnd())]
  return [sentences, table, shown]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')
}

function lasted(startsAt: Date, endsAt: Date): string {
  return formatDuration(Math.max(0, Math.round((endsAt.getTime() - startsAt.getTime()) / 1000)))
}

function line(text: string, maxLength: number): string {
  return cut(oneLine(bounded(text)), maxLength)
}

/** Cut roughly before it is looked at closely: nothing of a mebibyte that is not shown needs cleaning. */
function bounded(text: string): string {
  return text.length > 20_000 ? `${text.slice(0, 10_000)}${text.slice(-10_000)}` : text
}
