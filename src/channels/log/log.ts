import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { openLineFile } from '../../lib/io/line-file.ts'
import { lastSuccessOf } from '../shared/last-success.ts'
import { DeliveryError, type Channel, type Notification } from '../channel.ts'
import { unwatched, type KeptFile } from '../../lib/io/keeping.ts'
import { patience, type PatienceOptions } from '../../lib/time/patience.ts'

export interface LogChannelOptions extends PatienceOptions {
  /** The alerts log. */
  readonly path: string
  /** Gets a copy of every line, once: when the line is in the file, or cannot be written there. */
  readonly stdout: { write: (text: string) => unknown }
  /** Notified of how writing goes. */
  readonly report?: KeptFile
  readonly clock: Clock
}

/** The channel that writes the alerts log. */
export interface LogChannel extends Channel {
  /** Creates the file again if it was moved away. */
  reopen: () => Promise<void>
  /** Finishes what is being written, then closes the file. */
  close: () => Promise<void>
}

/** Changes that stdout has and the file has not, at most: those that were printed longest ago are forgotten. */
const maxPrinted = 10_000

/**
 * Opens the alerts log: one JSON line per notification, on the disk before `deliver` resolves.
 *
 * @throws DeliveryError when the file cannot be opened.
 */
export async function openLogChannel(options: LogChannelOptions): Promise<LogChannel> {
  const { path, stdout, clock, report = unwatched } = options
  const patiently = patience(options)
  const printed = new Set<string>()
  const file = await openLineFile(path).catch(refuse(path))
  return {
    name: 'log',
    async deliver(notification, signal) {
      signal.throwIfAborted()
      const line = toLogLine(notification, new Date(clock.now()))
      const change = `${notification.fingerprint} ${notification.status} ${notification.startsAt.getTime()}`
      try {
        await patiently(() => file.append(line))
        report.kept()
        if (!printed.delete(change)) stdout.write(`${line}\n`)
      } catch (cause) {
        report.failed(cause)
        if (!printed.has(change)) stdout.write(`${line}\n`)
        printed.add(change)
        for (const oldest of printed) if (printed.size > maxPrinted) printed.delete(oldest)
        refuse(path)(cause)
      }
    },
    reopen: () => file.reopen().catch(refuse(path)),
    close: () => patiently(() => file.close()),
  }
}

/** Whatever the disk says today, it may say otherwise once there is room or the mount is back. */
function refuse(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new DeliveryError(`cannot write the alerts log ${path}: ${messageOf(cause)}`, {
      cause,
      retry: true,
    })
  }
}

/**
 * One line of the alerts log, without its line end. docs/notifier.md describes the fields.
 *
 * @param time When it is written.
 */
export function toLogLine(notification: Notification, time: Date): string {
  const { status, alertname, target, severity, summary, description, reason, endsAt } = notification
  return JSON.stringify({
    time: time.toISOString(),
    status,
    alertname,
    target,
    severity,
    summary,
    description,
    seen: notification.seen,
    reason,
    formerly: notification.formerly,
    ended: notification.ended,
    last_success: lastSuccessOf(notification),
    phases: notification.phases,
    also_failing: notification.alsoFailing,
    witnesses: notification.witnesses,
    after_mark: notification.afterMark,
    shared: notification.shared,
    route: notification.route,
    repair: notification.repair,
    target_url: notification.targetUrl,
    incident_url: notification.incidentUrl,
    runbook_url: notification.runbookUrl,
    dashboard_url: notification.dashboardUrl,
    starts_at: notification.startsAt.toISOString(),
    ends_at: endsAt?.toISOString(),
    labels: notification.labels,
    fingerprint: notification.fingerprint,
  })
}
