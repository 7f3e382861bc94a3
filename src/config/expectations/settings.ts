import { severities, type Severity } from '../target/severity.ts'
import { isOneOf, shown, Unexpected, type Token } from './tokens.ts'

/** What can be set in a method. */
export interface MethodSettings {
  /** Seconds. */
  readonly maxLatency?: number
  /** 0 to 1. */
  readonly maxErrorRatio?: number
  readonly severity?: Severity
  /** Names of channels. */
  readonly notify?: readonly string[]
  /** A URL. */
  readonly runbook?: string
  /** Whether the alert CallsMissing applies. */
  readonly missing?: 'on' | 'off'
}

interface Setting {
  readonly sets: keyof MethodSettings
  /** Reads the first token of the value, and the unit that may follow it. */
  readonly read: (first: Token, take: TakeIf) => MethodSettings
}

/** Takes the next token if it is as wanted. */
export type TakeIf = (wanted: (token: Token) => boolean) => Token | undefined

const secondsOf: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** A number may end with a point only where digits follow. */
const amount = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|%)?$/
const unit = /^(?:us|ms|s|m|h|%)$/

const latency: Setting = {
  sets: 'maxLatency',
  read: (token, take) => {
    const [number, unit] = readAmount(token, take)
    const seconds = number * (secondsOf[unit] ?? NaN)
    if (!(seconds > 0 && seconds <= 86_400)) {
      throw new Unexpected(
        token,
        `expected a duration, such as 100ms, 250us or 2s, got ${shown(token)}${meant(unit, `${number}ms or ${number}s`)}`,
      )
    }
    // A factor of ten to a negative power leaves a dust of digits behind.
    return { maxLatency: Number(seconds.toPrecision(12)) }
  },
}

/** What each key is called, and how its value is read. */
export const settings: Readonly<Record<string, Setting>> = {
  latency,
  max_latency: latency,
  max_error_rate: {
    sets: 'maxErrorRatio',
    read: (token, take) => {
      const [number, unit] = readAmount(token, take)
      if (!(unit === '%' && number <= 100)) {
        throw new Unexpected(
          token,
          `expected a share, such as 1% or 0.5%, got ${shown(token)}${meant(unit, meantShare(number))}`,
        )
      }
      return { maxErrorRatio: Number(`${number}e-2`) }
    },
  },
  severity: {
    sets: 'severity',
    read: (token) => {
      const severity = severities.find((word) => word === token.text)
      if (severity !== undefined) return { severity }
      throw new Unexpected(token, `expected ${severities.join(', ')}, got ${shown(token)}`)
    },
  },
  notify: {
    sets: 'notify',
    read: (token, take) => {
      const notify = [channelName(token)]
      while (take((token) => isOneOf(token, ',')) !== undefined) {
        // A comma may also stand before the next setting.
        const next = take((token) => !isOneOf(token, '}', ...Object.keys(settings)))
        if (next === undefined) break
        notify.push(channelName(next))
      }
      return { notify }
    },
  },
  missing: {
    sets: 'missing',
    read: (token) => {
      if (token.text === 'on' || token.text === 'off') return { missing: token.text }
      throw new Unexpected(token, `expected on or off, got ${shown(token)}`)
    },
  },
  runbook: {
    sets: 'runbook',
    read: (token) => {
      if (/^https?:\/\/./.test(token.text) && URL.canParse(token.text)) return { runbook: token.text }
      throw new Unexpected(
        token,
        `expected a link, such as "https://wiki.example.com/stripe", got ${shown(token)}`,
      )
    },
  },
}

function readAmount(token: Token, take: TakeIf): [number: number, unit: string] {
  const [, number, attached] = amount.exec(token.text) ?? []
  const separate =
    number !== undefined && attached === undefined ? take(({ text }) => unit.test(text))?.text : undefined
  return [Number(number), attached ?? separate ?? '']
}

/** 0.01 may be the share itself, or its percentage. */
function meantShare(number: number): string {
  const percent = `${number}%`
  return number > 0 && number <= 1 ? `${percent} or ${Number((number * 100).toPrecision(12))}%` : percent
}

/** What a number without a unit may have been meant to be. */
function meant(unit: string, likely: string): string {
  return unit === '' && !likely.startsWith('NaN') ? ` (did you mean ${likely}?)` : ''
}

function channelName(token: Token): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(token.text)) return token.text
  throw new Unexpected(token, `expected the name of a channel of notify.yml, got ${shown(token)}`)
}
