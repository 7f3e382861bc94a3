import { messageOf, ProbityError } from '../../lib/errors.ts'
import { cut, oneLine, plural } from '../../lib/text/text.ts'
import { callsInWords, type CalledTarget } from '../calls/words.ts'

/** What is used of an answer of /api/v1/targets. Targets without a check have no `last`, but `recent`. */
export interface RunningTarget {
  readonly name: string
  readonly state: string
  readonly since?: string
  /** Of those with a check that calls belong to too. */
  readonly calls?: { readonly lastCallAt?: string }
  /** Of those that are judged on calls alone. */
  readonly recent?: CalledTarget['recent']
  readonly lastCallAt?: string
  /** Of a heartbeat whose job has never called. */
  readonly awaited?: boolean
  readonly last?: {
    readonly at: string
    readonly durationSeconds: number
    readonly reason?: string
    readonly message?: string
  }
}

export interface AskOptions {
  /** Of the exporter or of solo. */
  readonly url: string
  /** A token of scope read. Default: it wants none. */
  readonly token?: string
}

/**
 * Asks a running Probity for the state of its targets.
 *
 * @throws ProbityError `PROBITY_UNREACHABLE`.
 */
export async function askTargets({ url, token }: AskOptions): Promise<RunningTarget[]> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/api/v1/targets`, {
      ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
      signal: AbortSignal.timeout(10_000),
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    const { targets } = (await response.json()) as { targets: RunningTarget[] }
    return targets
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
    const advice =
      'start it with probity solo, or set its address with --url, and --token-file if it wants a token'
    throw new ProbityError(
      'PROBITY_UNREACHABLE',
      `cannot ask Probity at ${url}: ${messageOf(reason)}; ${advice}`,
      { cause },
    )
  }
}

/** Those that need somebody come first. */
const order = ['down', 'failing', 'degraded', 'slow', 'silent', 'pending', 'quiet', 'unseen', 'up', 'paused']

/** Whether somebody is needed now. */
export function isDown({ state }: RunningTarget): boolean {
  return state === 'down' || state === 'failing'
}

/** What to say of the targets of a configuration that a running Probity knows and has seen no call to. */
export function neverCalled(names: readonly string[], running: readonly RunningTarget[]): string[] {
  const unseen = new Set(
    running
      .filter(({ state, calls }) => state === 'unseen' || (calls && calls.lastCallAt === undefined))
      .map(({ name }) => name),
  )
  return names
    .filter((name) => unseen.has(name))
    .map(
      (name) =>
        `target ${JSON.stringify(name)}: no call since that Probity started; its page lists the names that programs report and no target matches`,
    )
}

/** One line for each, for a person. */
export function describeTargets(targets: readonly RunningTarget[], now: number): string {
  const rank = ({ state }: RunningTarget): number => order.indexOf(state)
  const sorted = targets.toSorted((a, b) => rank(a) - rank(b))
  const width = Math.min(40, Math.max(6, ...targets.map(({ name }) => name.length)))
  const lines = sorted.map((target) => {
    const { name, state, last, lastCallAt } = target
    const at = last?.at ?? lastCallAt
    const age = at === undefined ? '' : `${Math.max(0, Math.round((now - Date.parse(at)) / 1000))} s ago`
    return `${state.padEnd(8)}  ${cut(oneLine(name), width).padEnd(width)}  ${age.padStart(9)}  ${oneLine(seenOf(target))}`
  })
  const down = targets.filter(isDown).length
  const paused = targets.filter(({ state }) => state === 'paused').length
  const summary = `${plural(targets.length, 'target')}, ${down === 0 ? 'none' : down} down${paused > 0 ? `, ${paused} paused` : ''}`
  return [...lines, summary].map((line) => `${line.trimEnd()}\n`).join('')
}

function seenOf({ state, last, recent, lastCallAt, awaited }: RunningTarget): string {
  if (recent) return callsInWords({ state, recent, ...(lastCallAt !== undefined && { lastCallAt }) })
  if (awaited) return 'waiting for the first call'
  return last?.reason === undefined ? tookText(last) : `${last.reason}: ${last.message ?? ''}`
}

function tookText(last: RunningTarget['last']): string {
  return last && last.durationSeconds > 0 ? `${Math.round(last.durationSeconds * 1000)} ms` : ''
}
