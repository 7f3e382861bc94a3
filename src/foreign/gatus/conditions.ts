import { formatDuration } from '../../settings/values/duration.ts'
import { parseGoDuration } from '../minitor/go-duration.ts'
import { hasExpansion } from '../../settings/secrets.ts'
import type { Path } from '../../settings/path.ts'
import type { Fields } from '../shared/fields.ts'
import { parseCondition } from './condition.ts'
import { translateDocument } from './document.ts'
import { sourceOf } from './glob.ts'
import { statusRanges } from './status.ts'
import type { Placed, Subject } from './subject.ts'

type Translator = (placed: readonly Placed[], subject: Subject) => void

/** Translates the `conditions:` of an endpoint. What cannot be said is noted. */
export function translateConditions(endpoint: Fields, subject: Subject): void {
  const { translation } = subject
  const placed = endpoint.list('conditions').flatMap((text, index): Placed[] => {
    const at = [...endpoint.at('conditions'), index]
    const condition =
      typeof text === 'string' && !hasExpansion(text) && !/\[CONTEXT\]|\{\{/.test(text)
        ? parseCondition(text)
        : undefined
    if (condition === undefined)
      translation.lose(at, `${JSON.stringify(text)} has a form that is not supported here`)
    return condition === undefined ? [] : [{ condition, at }]
  })
  const subjects = new Set(['STATUS', ...placed.map(({ condition }) => condition.subject)])
  for (const name of subjects) {
    const translate = translators[name] ?? unknown
    translate(
      placed.filter(({ condition }) => condition.subject === name),
      subject,
    )
  }
}

const unknown: Translator = (placed, { translation }) => {
  for (const { condition, at } of placed)
    translation.lose(
      at,
      condition.subject === 'DOMAIN_EXPIRATION'
        ? 'write a target with domain: and expect.domain_days'
        : `[${condition.subject}] cannot be expected here`,
    )
}

const status: Translator = (placed, { translation, kind }) => {
  if (kind === 'websocket' && placed.length > 0) unknown(placed, { translation, kind })
  if (kind !== 'url') return
  // Without a condition, Gatus takes every answer.
  const ranges = statusRanges(placed.map(({ condition }) => condition))
  const at = placed[0]?.at ?? ['conditions']
  if (ranges.length === 0) translation.lose(at, 'no status meets all conditions')
  else translation.set(['expect', 'status'], ranges, at)
}

const responseTime: Translator = (placed, { translation }) => {
  for (const { condition, at } of placed) {
    const { operator, operand } = condition
    const text = operand.values[0]?.text ?? ''
    const seconds = /^\d+$/.test(text) ? Number(text) / 1000 : parseGoDuration(text)
    if (!operator.startsWith('<') || seconds === undefined || seconds <= 0) {
      translation.lose(at, 'only that an answer comes in time can be expected')
      continue
    }
    // A slow answer is a failure in Gatus: here, one that is not waited for.
    translation.set(['timeout'], formatDuration(seconds), at)
    translation.set(['expect', 'max_latency'], formatDuration(seconds), at)
    translation.note(
      at,
      'is the timeout; to be notified of slow answers without a failure, keep only max_latency',
    )
  }
}

const certificate: Translator = (placed, { translation }) => {
  for (const { condition, at } of placed) {
    const seconds = parseGoDuration(condition.operand.values[0]?.text ?? '')
    if (!condition.operator.startsWith('>') || seconds === undefined)
      translation.lose(at, 'cannot be expected here')
    else {
      translation.set(['expect', 'certificate_days'], Math.ceil((seconds / 86_400) * 100) / 100, at)
      translation.note(
        at,
        'CertificateExpiring warns in time; the check fails when the certificate has expired',
      )
    }
  }
}

const connected: Translator = (placed, { translation }) => {
  for (const { condition, at } of placed) {
    const wanted = condition.operand.values[0]?.text === 'true'
    if (wanted !== (condition.operator === '=='))
      translation.lose(at, 'the absence of an answer cannot be expected')
  }
}

const rcode: Translator = (placed, { translation, kind }) => {
  for (const { condition, at } of placed) {
    const { operator, operand } = condition
    if (kind !== 'dns' || operator !== '==' || operand.form === 'pat')
      translation.lose(at, 'cannot be expected here')
    else
      translation.set(
        ['expect', 'rcode'],
        operand.values.map(({ text }) => text),
        at,
      )
  }
}

const body: Translator = (placed, subject) => {
  const rules: Record<'matches' | 'not_matches', { source: string; at: Path }[]> = {
    matches: [],
    not_matches: [],
  }
  const ofDocument = placed.filter(({ condition: { path, around } }) => path !== '' || around !== undefined)
  translateDocument(ofDocument, subject)
  for (const { condition, at } of placed.filter((one) => !ofDocument.includes(one))) {
    const { operator } = condition
    if (operator !== '==' && operator !== '!=')
      subject.translation.lose(at, 'only == and != are supported here')
    else rules[operator === '==' ? 'matches' : 'not_matches'].push({ source: sourceOf(condition), at })
  }
  for (const [rule, patterns] of Object.entries(rules)) {
    const [first] = patterns
    if (first)
      setPatterns(
        rule,
        patterns.map(({ source }) => source),
        first.at,
        subject,
      )
  }
}

function setPatterns(
  rule: string,
  patterns: readonly string[],
  at: Path,
  { translation, kind }: Subject,
): void {
  if (kind === 'url')
    translation.set(
      ['expect', 'body', rule],
      patterns.map((source) => `(?s)${source}`),
      at,
    )
  // A record's text ends with its data; Gatus looks at the data alone.
  else if (kind === 'dns') {
    const inRecord = patterns.map((source) => `(?s)\\s${source.replace(/^\^/, '').replace(/\$$/, '')}\\.?$`)
    translation.set(['expect', 'answer', rule === 'matches' ? 'matches_any' : rule], inRecord, at)
  } else if (rule !== 'matches' || patterns.length > 1)
    translation.lose(at, 'only one pattern is supported here')
  else if (kind === 'udp') translation.set(['expect', 'reply'], `(?s)${patterns[0] ?? ''}`, at)
  else if (kind === 'websocket' || kind === 'tcp')
    translation.set(['dialogue', '1', 'expect'], `(?s)${patterns[0] ?? ''}`, at)
  else translation.lose(at, '[BODY] cannot be expected here')
}

const translators: Readonly<Record<string, Translator>> = {
  STATUS: status,
  RESPONSE_TIME: responseTime,
  CERTIFICATE_EXPIRATION: certificate,
  CONNECTED: connected,
  DNS_RCODE: rcode,
  BODY: body,
}
