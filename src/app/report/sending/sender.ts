import type { OpenChannel } from '../../../alerts/delivery/channel-paces.ts'
import { forEachRecipient, keyOf, type Destination } from '../../../alerts/delivery/destination.ts'
import { afterFailure } from '../../../alerts/delivery/retry.ts'
import type { ReportMessage } from '../../../channels/channel.ts'
import type { ReportDefinition } from '../../../config/notify/notify.ts'
import { messageOf as why } from '../../../lib/errors.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Clock } from '../../../lib/time/clock.ts'
import type { Timers } from '../../../lib/time/timers.ts'
import type { SentReports } from './book.ts'
import type { MakeMail } from './make-mail.ts'
import { messageOf } from './message.ts'
import { dueSince, nextDue, type Due } from './times.ts'

export interface ReportSenderOptions {
  /** Those in force. */
  readonly reports: () => readonly ReportDefinition[]
  /** A channel of notify.yml, also one that Alertmanager delivers to; undefined where it cannot be used. */
  readonly openChannel: (name: string) => OpenChannel | undefined
  readonly makeMail: MakeMail
  /** Writes a report into its folder. @throws Whatever the file system said. */
  readonly write: (message: ReportMessage, folder: string) => Promise<void>
  readonly book: SentReports
  /** Whether this process is the one that notifies. */
  readonly mayHead: () => boolean
  readonly externalUrl: URL | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** 0 to 1. */
  readonly random: () => number
}

/** Milliseconds between two looks at what is due, and until a report that could not be made is tried again. */
const lookMs = 60_000

/** A folder that cannot be written may be mended; then there are the reports that come after. */
const folderPolicy = { maxAttempts: 1000, giveUpAfter: 86_400 }

const folderKey = 'folder'

/**
 * Sends the reports that are due, each to each destination once. One whose sending a process does not survive is sent again by
 * the next one, which is the only case in which somebody may get it twice.
 */
export function startReports(options: ReportSenderOptions): { readonly stop: () => Promise<void> } {
  const { reports, openChannel, makeMail, write, book, mayHead, externalUrl, clock, timers, log, random } =
    options
  const ending = new AbortController()
  const { signal } = ending
  const sending = new Map<string, Promise<void>>()
  /** Why a report could not be made, by its name: logged when it begins. */
  const troubles = new Map<string, string>()
  /** Until when there is nothing to do for a report. */
  const idleUntil = new WeakMap<ReportDefinition, number>()
  /** To make one is work for the database: one after the other. */
  let making: Promise<unknown> = Promise.resolve()
  let cancel = (): void => undefined

  const isEnding = (): boolean => signal.aborted

  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        calledOff()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const calledOff = timers.after(milliseconds, end)
      signal.addEventListener('abort', end)
    })

  async function message(report: ReportDefinition, due: Due): Promise<ReportMessage | undefined> {
    const { name } = report
    const made = making.then(() => makeMail(report, due.period, signal))
    making = made.catch(() => undefined)
    try {
      const mail = await made
      troubles.delete(name)
      return messageOf(report, due.period, mail, externalUrl)
    } catch (error) {
      const trouble = why(error)
      if (!signal.aborted && troubles.get(name) !== trouble)
        log.warn({ report: name, period: due.period.name }, `a report cannot be made yet: ${trouble}`)
      troubles.set(name, trouble)
      return undefined
    }
  }

  /** Goes on until it has arrived or is given up. @returns Whether one of the two happened. */
  async function deliver(
    key: string,
    attempt: () => Promise<void>,
    policy: { readonly maxAttempts: number; readonly giveUpAfter: number },
    of: { readonly report: string; readonly period: string },
  ): Promise<boolean> {
    const firstAt = clock.now()
    for (let attempts = 1; !isEnding() && mayHead(); attempts++) {
      try {
        await attempt()
        log.info({ ...of, to: key }, 'a report was sent')
        return true
      } catch (error) {
        if (isEnding()) return false
        const verdict = afterFailure(policy, { attempts, firstAt, error }, clock.now(), random)
        if ('giveUp' in verdict) {
          log.error({ ...of, to: key }, `a report was not sent: ${verdict.giveUp}`)
          return true
        }
        log.warn({ ...of, to: key }, `a report was not sent yet: ${why(error)}`)
        await wait(verdict.retryAt - clock.now())
      }
    }
    return false
  }

  async function toChannel(destination: Destination, made: ReportMessage, of: Parameters<typeof deliver>[3]) {
    const open = openChannel(destination.channel)
    if (!open?.channel.sendReport) {
      log.error(
        { ...of, to: destination.channel },
        'a report was not sent: the channel is left out of notify.yml',
      )
      return true
    }
    const { channel, delivery } = open
    return deliver(
      keyOf(destination),
      () => channel.sendReport?.(made, signal, destination.recipient) ?? Promise.resolve(),
      delivery,
      of,
    )
  }

  /** @returns Whether nothing is left to do. */
  async function send(report: ReportDefinition, due: Due): Promise<boolean> {
    const { name, channels, folder } = report
    const made = await message(report, due)
    if (!made || !mayHead()) return false
    const of = { report: name, period: due.period.name }
    const reached = book.reached(name, due.at)
    const destinations = channels.flatMap((channel) =>
      forEachRecipient<Destination>({ channel }, openChannel(channel)?.channel.recipients),
    )
    const work: (readonly [string, () => Promise<boolean>])[] = [
      ...destinations.map((one) => [keyOf(one), () => toChannel(one, made, of)] as const),
      ...(folder === undefined
        ? []
        : [[folderKey, () => deliver(folder, () => write(made, folder), folderPolicy, of)] as const]),
    ]
    const outcomes = await Promise.all(
      work
        .filter(([key]) => !reached.has(key))
        .map(async ([key, run]) => {
          const isOver = await run()
          if (isOver) await book.arrived(name, due.at, key)
          return isOver
        }),
    )
    return outcomes.every((isOver) => isOver)
  }

  async function sendDue(report: ReportDefinition): Promise<void> {
    const { name } = report
    const upTo = book.upTo(name)
    // A new one begins with the next: nobody has waited for those before.
    if (upTo === undefined) return book.done(name, clock.now())
    const now = clock.now()
    for (const due of dueSince(report, upTo, now)) {
      if (signal.aborted || !mayHead()) return
      // The other one of a pair may have sent it meanwhile.
      if (due.at <= (book.upTo(name) ?? 0)) continue
      if (!(await send(report, due))) return
      await book.done(name, due.at)
    }
    idleUntil.set(report, nextDue(report, now))
  }

  function look(): void {
    cancel = timers.after(lookMs, look)
    const all = reports()
    void book.keep(new Set(all.map(({ name }) => name)))
    for (const report of all) {
      const { name } = report
      if (sending.has(name) || clock.now() < (idleUntil.get(report) ?? 0)) continue
      const work = sendDue(report).catch((error: unknown) => {
        log.error({ err: error, report: name }, 'a report could not be sent')
      })
      sending.set(
        name,
        work.finally(() => sending.delete(name)),
      )
    }
  }

  look()
  return {
    async stop() {
      cancel()
      ending.abort()
      await Promise.all(sending.values())
    },
  }
}
