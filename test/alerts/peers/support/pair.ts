import { startDispatcher, type Dispatcher } from '../../../../src/alerts/delivery/dispatcher.ts'
import { createPeering } from '../../../../src/alerts/peers/peering.ts'
import type { Notification } from '../../../../src/channels/channel.ts'
import type { Plan } from '../../../../src/config/notify/routing.ts'
import type { Clock } from '../../../../src/lib/time/clock.ts'
import { createLogger } from '../../../../src/lib/logger.ts'
import type { Timers } from '../../../../src/lib/time/timers.ts'
import { memoryMap, type MemoryMap } from '../../../support/memory-map.ts'
import { testTime, type TestTime } from '../../../support/time/timers.ts'

export const start = '2026-11-20T12:00:00Z'

/** One of the two, and what a test may do to it. */
export interface Side {
  readonly name: string
  readonly dispatcher: () => Dispatcher
  readonly role: () => string
  /** SIGTERM, and its end. */
  readonly stop: () => Promise<void>
  /** SIGKILL. */
  readonly kill: () => void
  /** Starts again on what the killed process left on its disk. */
  readonly start: () => void
  readonly isAlive: () => boolean
  /** SIGSTOP, and SIGCONT. */
  readonly freeze: () => void
  readonly thaw: () => void
  readonly isFrozen: () => boolean
  /** Deliveries that have arrived, and whose sender does not know yet. */
  readonly inFlight: () => number
}

/** Something that a receiver got. */
export interface Got {
  /** Seconds since the start. */
  readonly at: number
  readonly from: string
  readonly target: string
  readonly status: string
  readonly remark: string | undefined
}

/** Two solos that notify one receiver, on one clock. */
export interface Pair {
  readonly time: TestTime
  /** The one that leads while both work, and the other one. */
  readonly first: Side
  readonly second: Side
  readonly got: Got[]
  /** `seconds side target status`, with an asterisk where the message says that the peer cannot be reached. */
  readonly lines: () => string[]
  /** Whether the two reach each other. */
  linked: boolean
  /** Seconds after which a sender knows that a notification arrived. */
  latency: number
  /** Throws what the receiver answers to a side. */
  refuse: (from: string, notification: Notification) => void
  plans: readonly Plan[]
}

/** Starts both. @param eitherCounts Whether what one alone knows of is sent too, as by notifiers. */
export function startPair({ eitherCounts = false } = {}): Pair {
  const time = testTime(start)
  const got: Got[] = []
  const seconds = (): number => Math.round(time.clock.monotonic() / 100) / 10
  const pair: Omit<Pair, 'first' | 'second'> = {
    time,
    got,
    lines: () =>
      got.map(
        ({ at, from, target, status, remark }) => `${at} ${from} ${target} ${status}${remark ? ' *' : ''}`,
      ),
    linked: true,
    latency: 0.1,
    refuse: () => undefined,
    plans: [{ channel: 'chat', repeat: { kind: 'once' } }],
  }
  const sides: Record<string, ReturnType<typeof side>> = {}
  const whole: Pair = Object.assign(pair, {
    first: (sides['a'] = side('a', 'b', 0)),
    second: (sides['b'] = side('b', 'a', 3_600_000)),
  })
  sides['a'].start()
  sides['b'].start()
  return whole

  /** @param ahead Milliseconds by which its clock is wrong. */
  function side(name: string, other: string, ahead: number) {
    let map: MemoryMap = memoryMap()
    let running: { alive: boolean } = { alive: false }
    let frozen = false
    let starts = 0
    let inFlight = 0
    let dispatcher: Dispatcher | undefined
    /** What happens to a frozen process happens when it goes on. */
    let backlog: (() => void)[] = []
    const whenRunning = (run: () => void): void => {
      if (frozen) backlog.push(run)
      else run()
    }
    const clock: Clock = {
      now: () => time.clock.now() + ahead,
      monotonic: () => time.clock.monotonic() + ahead / 7,
    }
    const timersOf = (process: { alive: boolean }): Timers => ({
      after: (milliseconds, run) =>
        time.timers.after(milliseconds, () => {
          if (process.alive)
            whenRunning(() => {
              if (process.alive) run()
            })
        }),
    })

    function begin(): void {
      const process = { alive: true }
      running = process
      inFlight = 0
      const timers = timersOf(process)
      const log = createLogger({ destination: { write: () => undefined } })
      dispatcher = startDispatcher({
        map,
        clock,
        timers,
        log,
        random: () => 1,
        plans: () => [...pair.plans],
        openChannel: (channel) => ({
          delivery: { concurrency: 4, perMinute: 6000, giveUpAfter: 3600, maxAttempts: 100 },
          channel: {
            name: channel,
            deliver: (notification) =>
              new Promise((resolve, reject) => {
                try {
                  pair.refuse(name, notification)
                } catch (error) {
                  reject(asError(error))
                  return
                }
                const { target, status, remark } = notification
                got.push({ at: seconds(), from: name, target, status, remark })
                inFlight++
                timers.after(pair.latency * 1000, () => {
                  inFlight--
                  resolve()
                })
              }),
          },
        }),
        events: {
          delivered: () => undefined,
          gaveUp: () => undefined,
          retried: () => undefined,
          repeated: () => undefined,
        },
        openPeering: (state, sent) =>
          createPeering({
            reports: { sent: () => ({}), heard: () => undefined },
            self: { name, id: name },
            location: 'here',
            eitherCounts,
            instance: `${name}${++starts}`,
            peerName: other,
            // As over HTTP: nothing but JSON arrives, and who does not answer within 3 s has not answered.
            ask: (message) =>
              new Promise((resolve, reject) => {
                const cancel = timers.after(3000, () => {
                  reject(new Error('no answer'))
                })
                if (!pair.linked) return
                sides[other]?.hear(
                  JSON.parse(JSON.stringify(message)),
                  (answer) => {
                    if (!process.alive || !pair.linked) return
                    whenRunning(() => {
                      cancel()
                      resolve(JSON.parse(JSON.stringify(answer)))
                    })
                  },
                  (error) => {
                    cancel()
                    reject(asError(error))
                  },
                )
              }),
            state,
            sent,
            clock,
            timers,
            log,
          }),
      })
    }

    return {
      name,
      dispatcher: () => dispatcher!,
      role: () => dispatcher?.peering?.view().role ?? '',
      isAlive: () => running.alive,
      isFrozen: () => frozen,
      inFlight: () => inFlight,
      async stop() {
        const stopping = dispatcher?.stop()
        await time.pass(5)
        await stopping
        running.alive = false
        map = map.afterKill()
      },
      kill() {
        running.alive = false
        frozen = false
        backlog = []
        map = map.afterKill()
      },
      start: begin,
      freeze() {
        frozen = true
      },
      thaw() {
        frozen = false
        for (const run of backlog.splice(0)) run()
      },
      hear(message: unknown, answer: (answer: unknown) => void, fail: (error: unknown) => void): void {
        const process = running
        if (!process.alive) fail(new Error('connection refused'))
        else whenRunning(() => void dispatcher?.peering?.receive(message).then(answer, fail))
      },
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
