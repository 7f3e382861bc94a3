import * as z from 'zod'
import type { Clock } from '../../lib/time/clock.ts'
import type { SkipReason } from './audit.ts'
import type { Notification } from '../channel.ts'

/** Texts by key that outlive the process. */
export interface CommandStore {
  readonly get: (key: string) => Promise<string | undefined>
  /** Undefined instead of a text removes the key. Resolves once it is stored. */
  readonly set: (key: string, value: string | undefined) => Promise<void>
}

export interface CommandGuardOptions {
  readonly channel: string
  /** Seconds between two runs for one target, whatever the alert. */
  readonly cooldown?: number | undefined
  /** Whether they are seconds between two runs, whatever the target. Default false. */
  readonly forAllTargets?: boolean
  /** Runs while one alert fires. */
  readonly maxRuns?: number | undefined
  readonly store: CommandStore
  readonly clock: Clock
}

/** Keeps a command from being run too often. */
export interface CommandGuard {
  /** Why it may not be run now; nothing where it may. */
  readonly refusal: (notification: Notification) => Promise<SkipReason | undefined>
  /** It is about to be run. Counted before, so that a run that takes this process down with it counts too. */
  readonly record: (notification: Notification) => Promise<void>
  /** The alert is over. */
  readonly forget: (notification: Notification) => Promise<void>
}

const instant = z.iso.datetime().transform((text) => Date.parse(text))
const incident = z.object({ startsAt: z.string(), runs: z.number() })

export function commandGuard({
  channel,
  cooldown,
  forAllTargets = false,
  maxRuns,
  store,
  clock,
}: CommandGuardOptions): CommandGuard {
  const lastKey = ({ target, fingerprint }: Notification): string =>
    `command/${channel}/last${forAllTargets ? '' : `/${target === '' ? fingerprint : target}`}`
  const runsKey = ({ fingerprint }: Notification): string => `command/${channel}/runs/${fingerprint}`

  async function runsOf(notification: Notification): Promise<number> {
    const { success, data } = incident.safeParse(parseJson(await store.get(runsKey(notification))))
    return success && data.startsAt === notification.startsAt.toISOString() ? data.runs : 0
  }

  async function coolsDown(notification: Notification): Promise<boolean> {
    const { success, data } = instant.safeParse(await store.get(lastKey(notification)))
    const seconds = success ? (clock.now() - data) / 1000 : -1
    // A last run that is yet to come was written by a clock that was wrong: it must not forbid runs for years.
    return cooldown !== undefined && seconds >= 0 && seconds < cooldown
  }

  return {
    async refusal(notification) {
      if (cooldown !== undefined && (await coolsDown(notification))) return 'cooldown'
      if (maxRuns !== undefined && (await runsOf(notification)) >= maxRuns) return 'max_runs'
      return undefined
    },
    async record(notification) {
      if (cooldown !== undefined) await store.set(lastKey(notification), new Date(clock.now()).toISOString())
      if (maxRuns === undefined) return
      const runs = (await runsOf(notification)) + 1
      const text = JSON.stringify({ startsAt: notification.startsAt.toISOString(), runs })
      await store.set(runsKey(notification), text)
    },
    async forget(notification) {
      if (maxRuns !== undefined) await store.set(runsKey(notification), undefined)
    },
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
