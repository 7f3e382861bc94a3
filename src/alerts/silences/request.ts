import { isLabelName, matcher, parseMatchers, type LabelMatcher } from '../../config/notify/matchers.ts'
import { ProbityError } from '../../lib/errors.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { parseDuration } from '../../settings/values/duration.ts'
import { seen, ValueError } from '../../settings/values/value.ts'
import type { Alert } from '../alert.ts'
import type { Silence } from './silence.ts'

/** What somebody asks for, in their own words. */
export interface SilenceRequest {
  /** The name of a target, or matchers such as `severity="warning",team=~"shop|pay"`. */
  readonly match: string
  /** How long: `2h`. Either this or `until`. */
  readonly for?: string | undefined
  /** A time such as `2026-11-21T03:00:00Z`. */
  readonly until?: string | undefined
  readonly comment?: string | undefined
}

/** Whom somebody takes care of. */
export interface AcknowledgeRequest {
  readonly target: string
  /** Default: all alerts of the target that fire. */
  readonly alertname?: string | undefined
  /** Default: {@link acknowledgedFor}. */
  readonly for?: string | undefined
  readonly comment?: string | undefined
}

/** A silence that nobody has given a number yet. */
export type NewSilence = Omit<Silence, 'id'>

/** What a request is read with. */
export interface Reading {
  /** The names of all targets. */
  readonly targets: readonly string[]
  /** Who asks. */
  readonly by: string
  /** Unix milliseconds. */
  readonly now: number
}

const acknowledgedFor = '24h'

const limits = { shortest: 60, longest: 366 * 86_400, comment: 500, matchers: 20, text: 2000, by: 100 }

/**
 * Makes a silence of what somebody asks for.
 *
 * @throws ProbityError `SILENCE_INVALID`
 */
export function readSilence(request: SilenceRequest, reading: Reading): NewSilence {
  const { match, comment } = request
  const { targets, by, now } = reading
  return {
    matchers: targets.includes(match) ? [isTarget(match)] : matchersOf(match, targets),
    startsAt: new Date(now),
    endsAt: endOf(request, now),
    createdBy: byOf(by),
    comment: commentOf(comment),
  }
}

/**
 * Makes the acknowledgements of what somebody asks for: one for each alert that fires.
 *
 * @param firing All alerts that fire.
 * @throws ProbityError `SILENCE_INVALID`
 */
export function readAcknowledgement(
  { target, alertname, comment = '', ...request }: AcknowledgeRequest,
  firing: readonly Alert[],
  { targets, by, now }: Reading,
): NewSilence[] {
  const own = firing.filter(({ labels }) => labels['target'] === target)
  const chosen = own.filter(({ labels }) => alertname === undefined || labels['alertname'] === alertname)
  if (chosen.length === 0)
    throw invalid(
      own.length > 0
        ? `${JSON.stringify(cut(alertname ?? '', 100))} does not fire for target ${JSON.stringify(target)}: ${namesOf(own)} does`
        : targets.includes(target)
          ? `no alert of target ${JSON.stringify(target)} fires: there is nothing to acknowledge`
          : unknownTarget(target, targets),
    )
  const endsAt = endOf({ for: request.for ?? acknowledgedFor }, now)
  const seconds = (endsAt.getTime() - now) / 1000
  return chosen.map((alert) =>
    acknowledgementOf(alert, { by, now, seconds, comment: comment.trim() === '' ? '' : commentOf(comment) }),
  )
}

interface Terms extends Pick<Reading, 'by' | 'now'> {
  readonly seconds: number
  readonly comment: string
}

/** A silence of the alerts with the labels of one. */
export function silenceOf(
  { labels }: Pick<Alert, 'labels'>,
  { by, now, seconds, comment }: Terms,
): NewSilence {
  return {
    matchers: exactly(labels),
    startsAt: new Date(now),
    endsAt: new Date(now + seconds * 1000),
    createdBy: byOf(by),
    comment,
  }
}

/** Somebody takes care of an alert. */
export function acknowledgementOf(alert: Alert, terms: Terms): NewSilence {
  const { labels, fingerprint, startsAt } = alert
  return {
    ...silenceOf(alert, terms),
    acknowledges: {
      alertname: labels['alertname'] ?? '',
      target: labels['target'] ?? '',
      incident: { fingerprint, startsAt },
    },
  }
}

/** Names that only newer servers know cannot be written in this syntax. */
function exactly(labels: Alert['labels']): LabelMatcher[] {
  return Object.entries(labels)
    .filter(([label]) => isLabelName(label))
    .map(([label, value]) => matcher(label, '=', value))
}

function isTarget(name: string): LabelMatcher {
  return matcher('target', '=', name)
}

function matchersOf(text: string, targets: readonly string[]): LabelMatcher[] {
  if (text.length > limits.text) throw invalid(`the matchers are longer than ${limits.text} characters`)
  if (!/[=~]/.test(text)) throw invalid(unknownTarget(text, targets))
  const matchers = read(text)
  if (matchers.length > limits.matchers)
    throw invalid(`there are ${matchers.length} matchers: at most ${limits.matchers} are allowed`)
  // As Alertmanager has it: it would be about every alert that lacks a label.
  if (matchers.every(({ matches }) => matches({})))
    throw invalid(
      `${JSON.stringify(text)} is about alerts that lack these labels, and so about nearly all: at least one matcher must not match the empty text`,
    )
  return matchers
}

function read(text: string): LabelMatcher[] {
  try {
    return parseMatchers(text)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    const shown = JSON.stringify(cut(oneLine(text), 200))
    const { message } = error
    throw invalid(message.includes(seen) ? message.replaceAll(seen, shown) : `${shown}: ${message}`)
  }
}

function unknownTarget(text: string, targets: readonly string[]): string {
  const shown = JSON.stringify(cut(text, 200))
  return `there is no target ${shown}${didYouMean(text, targets)}: expected the name of a target, or matchers such as severity="warning"`
}

function endOf({ for: length, until }: Pick<SilenceRequest, 'for' | 'until'>, now: number): Date {
  if ((length === undefined) === (until === undefined))
    throw invalid('how long is not clear: give either a duration such as 2h, or a time until when')
  const seconds = until === undefined ? parseDuration(length ?? '') : (timeOf(until) - now) / 1000
  if (seconds === undefined)
    throw invalid(
      `${JSON.stringify(cut(length ?? '', 100))} is not a valid duration: expected one such as 2h`,
    )
  if (seconds < limits.shortest || seconds > limits.longest)
    throw invalid('a silence must last at least one minute and at most 366 days from now')
  return new Date(now + seconds * 1000)
}

function timeOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : NaN
  if (!Number.isNaN(time)) return time
  throw invalid(
    `${JSON.stringify(cut(text, 100))} is not a valid time: expected one such as 2026-11-21T03:00:00Z`,
  )
}

function commentOf(comment = ''): string {
  const text = oneLine(comment).trim()
  if (text === '') throw invalid('a silence must say why: add a comment such as "new database"')
  if (text.length > limits.comment) throw invalid(`the comment is longer than ${limits.comment} characters`)
  return text
}

function byOf(by: string): string {
  return cut(oneLine(by).trim(), limits.by) || 'somebody'
}

function namesOf(alerts: readonly Alert[]): string {
  return [...new Set(alerts.map(({ labels }) => labels['alertname'] ?? ''))].join(', ')
}

function invalid(message: string): ProbityError {
  return new ProbityError('SILENCE_INVALID', message)
}
