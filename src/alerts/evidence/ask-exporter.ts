import { setMaxListeners } from 'node:events'
import { z } from 'zod'
import { phasesText } from '../../checks/shared/phases-text.ts'
import { commandRun } from '../../lib/command-run/run.ts'
import { verdicts } from '../../lib/command-run/verdict.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { createSlots } from '../../lib/time/slots.ts'
import type { Ending } from '../../channels/channel.ts'
import type { Alert } from '../alert.ts'
import { withRepairs } from './repairs.ts'
import { withTestimony, type Testimony } from './witnesses.ts'

export interface AskExporterOptions {
  /** The exporter, or the service that shows its pages. */
  readonly url: URL
  readonly log: Pick<Logger, 'debug'>
  /** A token that the exporter wants. Default: it wants none. */
  readonly token?: () => Promise<string>
  /** Milliseconds for all questions together: a message must not wait for an exporter that is away. Default 2 s. */
  readonly patienceMs?: number
}

/** Characters of a failure's message that an alert carries. */
const maxSeen = 300

/** Questions at the same time. */
const maxQuestions = 8

const failure = z.object({ message: z.string() })

/** What had changed before an incident. */
const began = z.object({
  endedAt: z.string().optional(),
  after: z.object({ title: z.string(), seconds: z.number() }).optional(),
})

/** What a command did. */
const ran = z.object({
  ...commandRun.pick({ channel: true, alertname: true, occasion: true, repairs: true, startedAt: true })
    .shape,
  ...commandRun.pick({ outcome: true, exitCode: true, failure: true }).shape,
  verdict: z.enum(verdicts),
  checksAfter: z.array(z.boolean()),
})

const counts = z.object({ calls: z.number(), errors: z.number() })

/** Of the answer, what a message needs. */
const answerSchema = z.object({
  target: z.object({
    state: z.string().optional(),
    location: z.string().optional(),
    last: z.object({ success: z.boolean(), message: z.string().optional() }).optional(),
    incidents: z.array(began.extend({ lastFailure: failure })).optional(),
    phases: z.record(z.string(), z.number()).optional(),
    expectation: z.object({ maxErrorRatio: z.number() }).optional(),
    calls: z.object({ recent: counts.optional() }).optional(),
    recent: counts.optional(),
    vendor: z.object({ name: z.string(), state: z.string() }).optional(),
    shared: z.string().optional(),
    commands: z.array(ran).optional().catch(undefined),
    route: z.object({ words: z.string() }).optional(),
  }),
})

type Seen = z.infer<typeof answerSchema>['target']

/** What the exporter says where it does not have the target any more. */
const unwatched = Symbol('unwatched')
type Answer = Seen | typeof unwatched | undefined

/** Targets that are remembered; beyond it, those that were asked about longest ago are forgotten. */
const maxRemembered = 10_000

/**
 * Asks the exporter what the newest checks saw: Prometheus knows why a check failed in one word only. Whatever goes wrong, and
 * what is not answered in time, the alert goes on as it is.
 */
export function askExporter({ url, log, token, patienceMs = 2000 }: AskExporterOptions) {
  const base = url.href.replace(/\/+$/, '')

  /** The targets that it has had. */
  const had = new Set<string>()

  function remember(target: string): void {
    had.delete(target)
    had.add(target)
    for (const oldest of had) {
      if (had.size <= maxRemembered) return
      had.delete(oldest)
    }
  }

  async function ask(target: string, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await fetch(`${base}/api/v1/targets/${encodeURIComponent(target)}`, {
        signal,
        redirect: 'error',
        headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${await token()}` }) },
      })
      if (response.ok) {
        const seen = answerSchema.parse(await response.json()).target
        remember(target)
        return seen
      }
      await response.body?.cancel()
      // Without a history it does not know what it had. Another exporter may have what this one never had.
      if (response.status === 410 || (response.status === 404 && had.has(target))) return unwatched
    } catch (error) {
      log.debug({ target, error: messageOf(error) }, 'the exporter did not say what the last check saw')
    }
    return undefined
  }

  return async (alerts: readonly Alert[]): Promise<Alert[]> => {
    const signal = AbortSignal.timeout(patienceMs)
    // Every question that waits for its turn listens; Node.js would warn of a leak.
    setMaxListeners(0, signal)
    const slots = createSlots(maxQuestions)
    const inTurn = async (target: string): Promise<Answer> => {
      const giveBack = await slots.take(signal)
      return giveBack && ask(target, signal).finally(giveBack)
    }
    const answers = new Map<string, Promise<Answer>>()
    return Promise.all(
      alerts.map(async (alert) => {
        const { target, location } = alert.labels
        const isOver = alert.status === 'resolved'
        if (!target) return alert
        const answer = answers.get(target) ?? inTurn(target)
        answers.set(target, answer)
        const seen = await answer
        if (seen === unwatched) return isOver ? abandoned(alert, 'unwatched') : alert
        if (isOver)
          return seen?.state === 'paused'
            ? abandoned(alert, 'paused')
            : withRepairs(alert, seen?.commands ?? [])
        const elsewhere = location && seen?.location !== undefined && seen.location !== location
        if (!seen || elsewhere) return alert
        // Of calls it has seen nothing that a message lacks, but for what the others say.
        const known = alert.annotations.interval === undefined ? alert : withSeen(alert, seen)
        return withTestimony(known, testimonyOf(seen))
      }),
    )
  }
}

function testimonyOf({
  last,
  calls,
  recent = calls?.recent,
  expectation,
  vendor,
  shared,
  route,
  incidents = [],
}: Seen): Testimony {
  const { after } = incidents.find(({ endedAt }) => endedAt === undefined) ?? {}
  const maxErrorRatio = expectation?.maxErrorRatio ?? 0
  return {
    ...(last && { succeeded: last.success }),
    ...(recent && { calls: { calls: recent.calls, errors: recent.errors, maxErrorRatio } }),
    ...(vendor && { vendor }),
    ...(after && { after }),
    ...(shared !== undefined && { shared: cut(oneLine(shared), maxSeen) }),
    ...(route && { route: cut(oneLine(route.words), maxSeen) }),
  }
}

/** It has not recovered: nobody knows. */
function abandoned(alert: Alert, ended: Ending): Alert {
  return { ...alert, annotations: { ...alert.annotations, ended } }
}

function withSeen(alert: Alert, { last, incidents = [], phases = {} }: Seen): Alert {
  const message = last?.message ?? incidents[0]?.lastFailure.message ?? ''
  const seen = alert.annotations.reason ? cut(oneLine(message), maxSeen) : ''
  const took = phasesText(phases)
  return {
    ...alert,
    annotations: { ...alert.annotations, ...(seen !== '' && { seen }), ...(took !== '' && { phases: took }) },
  }
}
