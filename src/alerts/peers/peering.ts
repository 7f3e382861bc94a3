import type { Clock } from '../../lib/time/clock.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Ledger } from '../../lib/numbered.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { DeliveryGate } from './gate.ts'
import type { WriteBehind } from '../delivery/write-behind.ts'
import { createDesk, type Workbench } from './desk.ts'
import { peerMessage, type PeerMessage } from './message.ts'
import { createPresence, leaseMs, type PeerIdentity, type Role } from './presence.ts'
import { alertOf, createSentBook, sentKey, shifted, type Sent } from './sent-book.ts'
import type { ReportsBook } from './reports-book.ts'
import type { PeerKnowledge } from './verdict.ts'

export interface PeeringOptions {
  readonly self: PeerIdentity
  /**
   * Whether an alert that one of them alone knows of is sent too: they do not check themselves, but hear of the same alerts. Default:
   * what the leader sees counts.
   */
  readonly eitherCounts?: boolean
  /** Where both probe from: their alerts have this label. Empty where they do not probe. */
  readonly location: string
  /** Differs with every start. */
  readonly instance: string
  /** What messages call the other one: the host of its URL. */
  readonly peerName: string
  /** Sends a message to the other one. @returns Its answer. @throws Error when there is none. */
  readonly ask: (message: PeerMessage, signal: AbortSignal) => Promise<unknown>
  readonly state: WriteBehind
  /** What an earlier process knew. */
  readonly sent: readonly Sent[]
  /** What else both keep, by a name that both know. Default: nothing. */
  readonly ledgers?: Readonly<Record<string, Ledger>>
  readonly reports: ReportsBook
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** What is known of the other one. */
export interface PeerView {
  readonly name: string
  /** Seconds for which it has not been heard of. */
  readonly unheardFor: number
  /** Whether it has been heard of lately. */
  readonly isHeard: boolean
  readonly role: Role
}

/** Up to which numbers the other one has heard. */
type Known = Pick<NonNullable<PeerMessage['have']>, 'upTo' | 'also'>

/** One of two solos that notify the same people. */
export interface Peering {
  readonly gate: DeliveryGate
  /** Begins to ask the other one. */
  readonly start: (bench: Workbench) => void
  /**
   * Takes what the other one says.
   *
   * @returns What to answer.
   * @throws ProbityError `PEER_INVALID`
   */
  readonly receive: (message: unknown) => Promise<PeerMessage>
  readonly view: () => PeerView
  /** Says to the other one that it may take over. To be called when nothing is sent any more. */
  readonly stop: () => Promise<void>
}

/** Milliseconds between two questions. */
const everyMs = 5000
/** Milliseconds that a question may take. */
export const answerWithinMs = 3000
/** Milliseconds that the last word may take. */
const goodbyeMs = 1000

const words: Readonly<Record<Role, string>> = {
  waiting: 'waits for a word of the peer, and holds messages back until then, for 30 s at most',
  leading: 'leads: it notifies',
  standby: 'stands by: the peer notifies',
  alone: 'notifies alone: the peer cannot be reached',
}

/** Asks the other solo every 5 s, and after each message; every word of it counts, in whichever direction it comes. */
export function createPeering(options: PeeringOptions): Peering {
  const { self, eitherCounts = false, location, instance, peerName, ask, state, clock, timers, log } = options
  const ledgers = Object.entries(options.ledgers ?? {})
  const { reports } = options
  const presence = createPresence({ self, clock })
  const book = createSentBook({ state, entries: options.sent })
  let knowledge: PeerKnowledge | undefined
  /** Up to where the book of the other one is known. */
  let theirs: PeerMessage['have'] = null
  /** Up to where it knows this book, and everything else. */
  let theyKnow: Known = { upTo: 0 }
  const desk = createDesk({
    self: self.id,
    book,
    role: presence.role,
    eitherCounts,
    peer: () => knowledge,
    clock,
  })
  let bench: Workbench | undefined
  const ending = new AbortController()
  let asking: Promise<void> | undefined
  let again = false
  let problem: string | undefined
  let roleBefore: Role | undefined
  let cancel = (): void => undefined

  /** What one that says this has heard of this process. */
  const heardBy = ({ have }: PeerMessage): Known => (have?.instance === instance ? have : { upTo: 0 })

  function compose(known: Known, leaving = false): PeerMessage {
    const { entries, upTo } = book.since(known.upTo)
    return {
      version: 1,
      ...self,
      location,
      instance,
      now: clock.now(),
      at: clock.monotonic(),
      watchingFor: presence.watchingFor(),
      leaving,
      knows: bench ? [...desk.keysOf(bench)] : [],
      sending: (bench?.pending() ?? []).filter(({ underway }) => underway).map(sentKey),
      orphans: bench ? desk.orphans(bench) : [],
      sent: entries,
      upTo,
      also: Object.fromEntries(
        ledgers.map(([name, ledger]) => {
          const news = ledger.since(known.also?.[name] ?? 0)
          return [name, { ...news, entries: [...news.entries] }]
        }),
      ),
      have: theirs,
      reports: reports.sent(),
    }
  }

  /**
   * Takes a message, unless it may be old: one may have waited while this process was frozen.
   *
   * @param since A moment of the monotonic clock after which it was written; undefined where there is none.
   */
  function absorb(message: PeerMessage, since: number | undefined): void {
    const now = clock.now()
    const ageMs = clock.monotonic() - (since ?? -Infinity)
    if (since === undefined || ageMs >= leaseMs || !presence.isAwakeSince(since)) return
    const offset = now - message.now
    presence.heard(message)
    if (message.leaving) presence.left()
    const { have } = message
    if (have?.instance === instance) presence.confirmed(have.at)
    knowledge = {
      at: now - ageMs,
      watchingSince: now - message.watchingFor,
      alerts: new Set(message.knows),
      sending: new Set(message.sending),
    }
    reports.heard(message.reports ?? {})
    theyKnow = heardBy(message)
    const news = book.merge(message.sent.map((sent) => shifted(sent, offset)))
    const also = message.also ?? {}
    for (const [name, ledger] of ledgers) ledger.merge(also[name]?.entries ?? [], offset)
    theirs = {
      instance: message.instance,
      upTo: message.upTo,
      at: message.at,
      also: Object.fromEntries(Object.entries(also).map(([name, { upTo }]) => [name, upTo])),
    }
    if (!bench) return
    const ends = news.filter(({ status }) => status === 'resolved')
    bench.endedElsewhere(new Map(ends.map((sent) => [alertOf(sent), sent.until])))
    desk.adopt(bench, message.orphans, offset, message.id)
  }

  function read(json: unknown): PeerMessage {
    const { data, error } = peerMessage.safeParse(json)
    if (!data) {
      const [issue] = error.issues
      throw new ProbityError(
        'PEER_INVALID',
        `not what a solo of this version says: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
      )
    }
    if (data.location !== location)
      throw new ProbityError(
        'PEER_INVALID',
        `the peer probes from ${cut(oneLine(data.location), 100)}, and this solo from ${location}: start both with the same --location`,
      )
    if (data.id === self.id)
      throw new ProbityError(
        'PEER_INVALID',
        'the peer is this solo itself: peers: in notify.yml must have the address of the other one',
      )
    return data
  }

  async function askOnce(): Promise<void> {
    const began = clock.monotonic()
    try {
      const before = theirs
      absorb(read(await ask(compose(theyKnow), ending.signal)), began)
      note(undefined)
      // The first question has nothing that shows that it is not old.
      if (before === null && theirs) again = true
    } catch (error) {
      if (!ending.signal.aborted) note(cut(oneLine(messageOf(error)), 300))
    }
    await state.flush().catch(() => undefined)
    look()
  }

  /** A problem is logged when it begins and when it is over. */
  function note(found: string | undefined): void {
    if (found !== undefined && found !== problem)
      log.warn({ peer: peerName }, `the peer cannot be asked: ${found}`)
    if (found === undefined && problem !== undefined) log.info({ peer: peerName }, 'the peer answers again')
    problem = found
  }

  /** Looks who notifies now; whatever waited may be sent, or not. */
  function look(): void {
    const role = presence.role()
    if (role !== roleBefore) log.info({ peer: peerName }, words[role])
    roleBefore = role
    bench?.wake()
  }

  function askSoon(): void {
    again = true
    asking ??= (async () => {
      while (again && !ending.signal.aborted) {
        again = false
        await askOnce()
      }
      asking = undefined
    })()
  }

  function tick(): void {
    cancel = timers.after(everyMs, tick)
    book.prune(clock.now())
    look()
    askSoon()
  }

  return {
    gate: {
      verdict: desk.verdict,
      remark: () =>
        presence.role() === 'alone' && !presence.hasJustLeft()
          ? `the peer ${peerName} cannot be reached: it may have sent this too`
          : undefined,
      arrived(delivery) {
        const by = delivery.from === undefined ? self.id : `${self.id} for ${delivery.from}`
        book.record(delivery, by, clock.now())
        askSoon()
      },
    },
    start(ours) {
      bench = ours
      for (const [, { onChange }] of ledgers) onChange?.(askSoon)
      tick()
    },
    async receive(json) {
      const message = read(json)
      if (ending.signal.aborted) throw new ProbityError('PEER_INVALID', 'this solo stops')
      absorb(message, message.have?.instance === instance ? message.have.at : undefined)
      await state.flush().catch(() => undefined)
      look()
      // It may have lost what an earlier process of it has heard.
      return compose(heardBy(message))
    },
    view: () => ({
      name: peerName,
      unheardFor: presence.unheardFor() / 1000,
      isHeard: presence.isHeard(),
      role: presence.role(),
    }),
    async stop() {
      ending.abort()
      cancel()
      await asking
      const saidWithin = new AbortController()
      const cut = timers.after(goodbyeMs, () => {
        saidWithin.abort()
      })
      await ask(compose(theyKnow, true), saidWithin.signal).catch(() => undefined)
      cut()
    },
  }
}
