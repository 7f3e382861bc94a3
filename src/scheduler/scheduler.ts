import type { Target } from '../config/target/target.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { systemTimers, type Timers } from '../lib/time/timers.ts'
import { DueQueue } from './due-queue.ts'
import { phaseOf } from './phase.ts'

export interface SchedulerOptions {
  /** Checks a target. Never rejects. */
  readonly run: (target: Target) => Promise<unknown>
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Default: the machine's. */
  readonly timers?: Timers
  /** Checks that may run at the same time; more wait for their turn. Default 500. */
  readonly maxRunning?: number
  /** When a target was last checked before this process began, as Unix time in milliseconds. */
  readonly lastRun?: (target: Target) => number | undefined
  /** Called for each check that was skipped, because the one before it had not ended when it was due. */
  readonly onSkip?: (target: Target) => void
  /** Called when a check begins, with the milliseconds by which it is late. */
  readonly onBegin?: (target: Target, lateMs: number) => void
}

/** The first checks of all targets fall into this many milliseconds, so that a start soon shows something. */
const startWindowMs = 5000

interface Slot {
  target: Target
  /** Set when the target is no longer scheduled. */
  retired: boolean
  /** The check that is under way. */
  run: Promise<unknown> | undefined
  waiting: boolean
}

interface Turn {
  readonly slot: Slot
  /** Milliseconds on the monotonic clock. */
  readonly at: number
}

/**
 * Checks every target once per interval. The times of one target are a fixed grid on the monotonic clock, so that they neither
 * drift nor jump with the wall clock; a check that is due while the one before it still runs is left out, not queued.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #slots = new Map<string, Slot>()
  readonly #queue = new DueQueue<Turn>()
  readonly #waiting: Turn[] = []
  readonly #running = new Set<Promise<unknown>>()
  #cancelTimer: () => void = () => undefined
  #stopped = false

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#timers = options.timers ?? systemTimers
  }

  /** Schedules these targets and no others. One whose interval did not change keeps its times. */
  setTargets(targets: readonly Target[]): void {
    const names = new Set(targets.map(({ name }) => name))
    for (const [name, slot] of this.#slots) if (!names.has(name)) this.#retire(name, slot)
    for (const target of targets) {
      const slot = this.#slots.get(target.name)
      if (slot?.target.interval === target.interval) slot.target = target
      else {
        if (slot) this.#retire(target.name, slot)
        this.#add(target, slot?.run)
      }
    }
    this.#arm()
  }

  /** Begins no further check, and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    this.#waiting.length = 0
    await Promise.all(this.#running)
  }

  #retire(name: string, slot: Slot): void {
    slot.retired = true
    this.#slots.delete(name)
  }

  /** @param run A check of the same target that is still under way. */
  #add(target: Target, run?: Promise<unknown>): void {
    const slot: Slot = { target, retired: false, run, waiting: false }
    this.#slots.set(target.name, slot)
    void run?.then(() => {
      if (slot.run === run) slot.run = undefined
    })
    this.#queue.push({ slot, at: this.#clock.monotonic() + this.#firstDelay(target) })
  }

  /** A target that is overdue, or was never checked, comes within the start window; any other when its interval is over. */
  #firstDelay(target: Target): number {
    const interval = target.interval * 1000
    const spread = phaseOf(target.name) * Math.min(interval, startWindowMs)
    const last = this.#options.lastRun?.(target)
    if (last === undefined) return spread
    // A wall clock that went back meanwhile must not put the check off for longer than its interval.
    const left = Math.min(interval, last + interval - this.#clock.now())
    return left > 0 ? left : spread
  }

  #arm(): void {
    this.#cancelTimer()
    const next = this.#queue.peek()
    if (next === undefined || this.#stopped) return
    const delay = Math.max(0, next.at - this.#clock.monotonic())
    // A timer of Node.js holds 24 days at the most; an hour is soon enough to look again.
    this.#cancelTimer = this.#timers.after(Math.min(delay, 3_600_000), () => {
      this.#tick()
    })
  }

  #tick(): void {
    const now = this.#clock.monotonic()
    for (let turn = this.#queue.peek(); turn !== undefined && turn.at <= now; turn = this.#queue.peek()) {
      this.#queue.pop()
      if (!turn.slot.retired) this.#take(turn, now)
    }
    this.#arm()
  }

  #take(turn: Turn, now: number): void {
    const { slot } = turn
    const { at, missed } = this.#next(turn, now)
    this.#queue.push({ slot, at })
    for (let skipped = 0; skipped < missed; skipped++) this.#options.onSkip?.(slot.target)
    if (slot.run || slot.waiting) {
      this.#options.onSkip?.(slot.target)
    } else if (this.#running.size >= (this.#options.maxRunning ?? 500)) {
      slot.waiting = true
      this.#waiting.push(turn)
    } else {
      this.#begin(turn)
    }
  }

  /** The next point of the grid that is still to come, and how many the process has slept through. */
  #next({ slot, at }: Turn, now: number): { at: number; missed: number } {
    const interval = slot.target.interval * 1000
    const missed = Math.floor((now - at) / interval)
    return { at: at + (missed + 1) * interval, missed }
  }

  #begin(turn: Turn): void {
    const { slot } = turn
    slot.waiting = false
    this.#options.onBegin?.(slot.target, this.#clock.monotonic() - turn.at)
    const run = this.#options.run(slot.target).finally(() => {
      slot.run = undefined
      this.#running.delete(run)
      this.#beginWaiting()
    })
    slot.run = run
    this.#running.add(run)
  }

  #beginWaiting(): void {
    for (let turn = this.#waiting.shift(); turn !== undefined; turn = this.#waiting.shift()) {
      if (turn.slot.retired) continue
      this.#begin(turn)
      return
    }
  }
}
