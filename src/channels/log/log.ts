import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import { openLineFile } from '../../lib/io/line-file.ts'
import { DeliveryError, type Channel, type Notification } from '../channel.ts'

export interface LogChannelOptions {
  /** The alerts log. */
  readonly path: string
  /** Gets a copy of every line, once the line is in the file. */
  readonly stdout: { write: (text: string) => unknown }
  readonly clock: Clock
}

/** The channel that writes the alerts log. */
export interface LogChannel extends Channel {
  /** Creates the file again if it was moved away. */
  reopen: () => Promise<void>
  /** Finishes what is being written, then closes the file. */
  close: () => Promise<void>
}

/**
 * Opens the alerts log: one JSON line per notification, on the disk before `deliver` resolves.
 *
 * @throws DeliveryError when the file cannot be opened.
 */
export async function openLogChannel({ path, stdout, clock }: LogChannelOptions): Promise<LogChannel> {
  const file = await openLineFile(path).catch(refuse(path))
  return {
    name: 'log',
    async deliver(notification, signal) {
      signal.throwIfAborted()
      const line = toLogLine(notification, new Date(clock.now()))
      await file.append(line).catch(refuse(path))
      stdout.write(`${line}\n`)
    },
    reopen: () => file.reopen().catch(refuse(path)),
    close: () => file.close(),
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
    reason,
    runbook_url: notification.runbookUrl,
    dashboard_url: notification.dashboardUrl,
    starts_at: notification.startsAt.toISOString(),
    ends_at: endsAt?.toISOString(),
    labels: notification.labels,
    fingerprint: notification.fingerprint,
  })
}
