import type { Failure } from '../../net/failure.ts'
import { z } from 'zod'
import type { HeartbeatCheck } from './schema.ts'
import { missedCall } from './rhythm.ts'
import { formatDuration } from '../../settings/values/duration.ts'

/** What a job reports about itself. */
export type HeartbeatEvent =
  /** A log only keeps its message. */
  | { readonly type: 'success' | 'start' | 'log'; readonly message?: string }
  | { readonly type: 'fail'; readonly exitCode?: number; readonly message: string }

const stateSchema = z.strictObject({
  since: z.number(),
  lastSuccess: z.number().optional(),
  startedAt: z.number().optional(),
  /** The newest beginning after `startedAt`, where the end of that run was not reported. */
  startedAgain: z.number().optional(),
  /** Of the last run that reported its beginning and its success, in milliseconds. */
  lastRun: z.number().optional(),
  /** When that run began. */
  lastRunFrom: z.number().optional(),
  /** The last message that was not empty, whatever it came with. */
  said: z.strictObject({ at: z.number(), message: z.string() }).optional(),
  failed: z.strictObject({ at: z.number(), exitCode: z.number().optional(), message: z.string() }).optional(),
})

/** What is remembered of a job. Times are in milliseconds since 1970. */
export type HeartbeatState = Readonly<z.output<typeof stateSchema>>

/** Reads a state that was stored; nothing if it is not a state. */
export function readState(stored: unknown): HeartbeatState | undefined {
  return stateSchema.safeParse(stored).data
}

/** A job that is expected from now on. */
export function expectedSince(now: number): HeartbeatState {
  return { since: now }
}

/** Takes in what a job reports. */
export function afterEvent(before: HeartbeatState, event: HeartbeatEvent, now: number): HeartbeatState {
  const said = event.message ? { said: { at: now, message: event.message } } : {}
  const state = { ...before, ...said }
  const { startedAt, startedAgain: _, ...others } = state
  const { since, lastRun, lastRunFrom } = state
  if (event.type === 'log') return state
  if (event.type === 'fail') {
    const { exitCode, message } = event
    return { ...others, failed: { at: now, message, ...(exitCode !== undefined && { exitCode }) } }
  }
  if (event.type === 'success') {
    const [run, from] = startedAt === undefined ? [lastRun, lastRunFrom] : [now - startedAt, startedAt]
    return {
      since,
      lastSuccess: now,
      ...(state.said && { said: state.said }),
      ...(run !== undefined && { lastRun: run }),
      ...(from !== undefined && { lastRunFrom: from }),
    }
  }
  // A run that has not ended is not forgotten when the next one begins: it may hang.
  return startedAt === undefined ? { ...state, startedAt: now } : { ...state, startedAgain: now }
}

/** A clock that was ahead for a while must not excuse a job for years: what lies in the future is now. */
export function withoutFuture(state: HeartbeatState, now: number): HeartbeatState {
  return withTimes(state, (time) => Math.min(time, now))
}

/** The same state with every time changed. */
export function withTimes(state: HeartbeatState, change: (time: number) => number): HeartbeatState {
  const { since, lastSuccess, startedAt, startedAgain, lastRunFrom, said, failed } = state
  return {
    ...state,
    since: change(since),
    ...(lastSuccess !== undefined && { lastSuccess: change(lastSuccess) }),
    ...(startedAt !== undefined && { startedAt: change(startedAt) }),
    ...(startedAgain !== undefined && { startedAgain: change(startedAgain) }),
    ...(lastRunFrom !== undefined && { lastRunFrom: change(lastRunFrom) }),
    ...(said && { said: { ...said, at: change(said.at) } }),
    ...(failed && { failed: { ...failed, at: change(failed.at) } }),
  }
}

/** Whether the job has ever reported something. */
export function hasCalled({ lastSuccess, startedAt, said, failed }: HeartbeatState): boolean {
  return (lastSuccess ?? startedAt ?? said ?? failed) !== undefined
}

/** What is wrong with a job, if anything is. One that was never heard of has the first period to call. */
export function judge(check: HeartbeatCheck, state: HeartbeatState, now: number): Failure | undefined {
  return reportedFailure(state, now) ?? runsTooLong(check, state, now) ?? isLate(check, state, now)
}

function reportedFailure({ failed }: HeartbeatState, now: number): Failure | undefined {
  if (!failed) return undefined
  const code = failed.exitCode === undefined ? '' : ` with exit code ${failed.exitCode}`
  const words = failed.message === '' ? '' : `: ${failed.message}`
  return {
    reason: 'command',
    message: `the job reported a failure${code}, ${span(now - failed.at)} ago${words}`,
  }
}

function runsTooLong(
  { maxRuntime }: HeartbeatCheck,
  { startedAt }: HeartbeatState,
  now: number,
): Failure | undefined {
  if (maxRuntime === undefined || startedAt === undefined || now - startedAt <= maxRuntime * 1000) {
    return undefined
  }
  const began = span(now - startedAt)
  return {
    reason: 'timeout',
    message: `the job began ${began} ago and has not reported its end, expected within ${formatDuration(maxRuntime)}`,
  }
}

function isLate(
  { rhythm, grace }: HeartbeatCheck,
  { since, lastSuccess }: HeartbeatState,
  now: number,
): Failure | undefined {
  const from = lastSuccess ?? since
  const expected = missedCall(rhythm, { from, now, graceMs: grace * 1000 })
  if (expected === undefined) return undefined
  const allowed = grace === 0 ? '' : `, at most ${formatDuration(grace)} late`
  const what = lastSuccess === undefined ? 'no call yet' : 'no call'
  return { reason: 'timeout', message: `${what} for ${span(now - from)}, expected one ${expected}${allowed}` }
}

/** Rounded, so that it reads well: `45s`, `2h5m`, `3d4h`. */
function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const unit = seconds >= 2 * 86_400 ? 3600 : seconds >= 2 * 3600 ? 60 : 1
  const rounded = Math.floor(seconds / unit) * unit
  return formatDuration(rounded)
}
