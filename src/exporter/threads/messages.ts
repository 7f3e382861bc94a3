import type { ProbeLogLine } from '../../checks/log.ts'
import type { ProbeResult } from '../../checks/result.ts'
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
}

/** Asks a thread to forget all checks: the configuration has changed. */
export const forget = 'forget'

/** Asks a thread whether it still answers. */
export const ping = 'ping'

export type Message = Order | typeof forget | typeof ping

/** What a thread says once it can probe, and when it is asked. */
export const ready = 'ready'

export interface Answer {
  readonly id: number
  readonly result: ProbeResult
  readonly lines: readonly ProbeLogLine[]
}

export type Said = Answer | typeof ready
