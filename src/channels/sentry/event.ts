import { createHash, randomUUID } from 'node:crypto'
import { cut, excerpt, oneLine, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import type { SentryEvent } from './client.ts'
import { wordsOf } from '../shared/words.ts'

/** Sentry drops longer ones. Source: https://develop.sentry.dev/sdk/foundations/transport/event-payloads/ */
const maxTagName = 32
const maxTagValue = 200
const maxMessage = 8192

const levels = new Map<string, SentryEvent['level']>([
  ['warning', 'warning'],
  ['info', 'info'],
])

/**
 * A firing alert as an event. Events of one alert of one target are one issue; the same notification sent twice is one
 * event.
 *
 * @param now Milliseconds since 1970.
 */
export function alertEvent(notification: Notification, now: number): SentryEvent {
  const {
    alertname,
    target,
    severity,
    reason = '',
    fingerprint,
    startsAt,
    alertCount,
    labels,
    test,
  } = notification
  const { title, sentences, facts, links, output } = wordsOf(notification)
  const identity = [fingerprint, startsAt.getTime(), alertCount, test && now].join(' ')
  const entries = [...facts, ...links.map(({ name, url }) => ({ name, value: url }))]
  return {
    event_id: createHash('sha256').update(identity).digest('hex').slice(0, 32),
    timestamp: now / 1000,
    level: test ? 'info' : (levels.get(severity) ?? 'error'),
    logger: 'probity',
    message: { formatted: title },
    fingerprint: [
      'probity',
      ...(test ? ['test'] : []),
      cut(alertname, maxTagValue),
      cut(target, maxTagValue),
    ],
    tags: tagsOf({ ...labels, alertname, target, severity, reason }),
    extra: {
      ...Object.fromEntries(entries.map(({ name, value }) => [name, value])),
      Details: sentences.join('\n'),
      ...(output !== '' && { 'Last output': output }),
    },
  }
}

function tagsOf(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name.slice(0, maxTagName), oneLine(cut(value, maxTagValue))])
      .filter(([, value]) => value !== ''),
  ) as Record<string, string>
}

const maxCauses = 5
const maxFrames = 50

/**
 * An error of Probity itself as an event, with what caused it.
 *
 * @param now Milliseconds since 1970.
 * @param clean Takes secrets out of its words.
 */
export function errorEvent(error: unknown, now: number, clean: (text: string) => string): SentryEvent {
  const chain: unknown[] = []
  for (let next = error; next !== undefined && chain.length < maxCauses;) {
    chain.push(next)
    next = next instanceof Error ? next.cause : undefined
  }
  // The oldest first, and of the calls the outermost first.
  const values = chain.reverse().map((link) => ({
    type: link instanceof Error ? link.name : typeof link,
    value: excerpt(plainText(clean(link instanceof Error ? link.message : String(link))), maxMessage),
    ...(link instanceof Error && { stacktrace: { frames: framesOf(link.stack ?? '') } }),
  }))
  return {
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: now / 1000,
    level: 'error',
    logger: 'probity',
    exception: { values },
  }
}

interface Frame {
  readonly function: string
  readonly filename: string
  readonly lineno: number
  readonly colno: number
  readonly in_app: boolean
}

/** Reads a stack as V8 writes it: `at name (file:line:column)` or `at file:line:column`. */
function framesOf(stack: string): Frame[] {
  const frames = Array.from(stack.matchAll(/^ {4}at (?:(.*?) \()?([^()\n]*):(\d+):(\d+)\)?$/gm), (match) => {
    const [, name = '<anonymous>', file = '', line, column] = match
    return {
      function: name,
      filename: file,
      lineno: Number(line),
      colno: Number(column),
      in_app: !file.startsWith('node:') && !file.includes('/node_modules/'),
    }
  })
  return frames.slice(0, maxFrames).reverse()
}
