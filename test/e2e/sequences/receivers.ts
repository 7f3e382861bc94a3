import { startHttpPeer, type Misbehaviour, type Reply } from '../../support/servers/http-peer.ts'

/** A notification as somebody is told it: one state of one alert. */
export interface Told {
  /** Who was told. */
  readonly receiver: string
  readonly target: string
  /** `firing` or `resolved`, and since when. */
  readonly state: string
}

/** One word for it. */
export const wordOf = ({ receiver, target, state }: Told): string => `${receiver} ${target} ${state}`

/** The words of a state, which are the same in a message, in the state file and in the alerts log. */
export function stateOf(status: string, startsAt: Date | string): string {
  return `${status} since ${new Date(startsAt).toISOString()}`
}

export interface Receivers {
  readonly url: string
  /** What was taken, in its order; what was answered with an error was not. */
  readonly taken: readonly Told[]
  /** Attempts that were made to fail. */
  readonly failures: () => number
  /** Called when the next notification has been taken, before its sender can know. */
  onTaken: (() => void) | undefined
}

interface Message {
  readonly alerts: readonly {
    readonly status: string
    readonly startsAt: string
    readonly labels: Readonly<Record<string, string>>
  }[]
}

/** How they fail. */
const ways: readonly (Reply | Misbehaviour)[] = [{ status: 500 }, 'reset', 'silence, then a reset']

/**
 * Receivers of webhooks, one per path. One attempt in five fails by chance: with 500, a connection that is reset, or one that
 * hangs until it is reset.
 *
 * @param alertname Only what is about these alerts counts.
 */
export async function startReceivers(random: () => number, alertname: string): Promise<Receivers> {
  const taken: Told[] = []
  let failures = 0
  const peer = await startHttpPeer(({ path, body }) => judge(path.slice(1), JSON.parse(body) as Message))

  function judge(receiver: string, { alerts }: Message): Reply | Misbehaviour {
    if (random() < 0.2) {
      failures++
      return ways[Math.floor(random() * ways.length)] ?? 'reset'
    }
    for (const { status, startsAt, labels } of alerts)
      if (labels.alertname === alertname)
        taken.push({ receiver, target: labels.target ?? '', state: stateOf(status, startsAt) })
    receivers.onTaken?.()
    return { status: 200 }
  }

  const receivers: Receivers = { url: peer.url, taken, failures: () => failures, onTaken: undefined }
  return receivers
}
