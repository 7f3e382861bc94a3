import type { AddressRule } from '../../config/target/target.ts'
import type { Apart } from './chains.ts'
import type { Packed } from './packed.ts'

/** What a thread is asked for: one probe. */
export interface Order {
  /** Of the order; the answer has it too. */
  readonly id: number
  /** Of the check, which a thread keeps. */
  readonly check: number
  /** The check itself, the first time. */
  readonly packed?: Packed
  readonly timeoutSeconds: number
  /** Which addresses may be connected to. Absent: all. */
  readonly guard?: AddressRule
}

/** Asks a thread to forget all checks: the configuration has changed. */
export const forget = 'forget'

/** Asks a thread whether it still answers, and how much it works. */
export const ping = 'ping'

export type Message = readonly (Order | typeof forget)[] | typeof ping

/** What a thread says once it can probe, and when it is asked. */
export interface Alive {
  /** Seconds of work since it started. */
  readonly cpuSeconds: number
}

export interface Answer extends Apart {
  readonly id: number
  /** The lines of the log as JSON: few are ever read, and one text costs less to send than what it describes. */
  readonly log: string
}

/** A probe that a thread was too busy to begin. */
export interface NotBegun extends Pick<Order, 'id'> {
  readonly notBegun: true
}

/** Answers are sent together if they are there together, as orders are: each message wakes a thread up. */
export type Said = readonly (Answer | NotBegun)[] | Alive
