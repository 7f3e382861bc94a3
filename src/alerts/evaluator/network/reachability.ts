import ipaddr from 'ipaddr.js'
import type { ProbeResult } from '../../../checks/result.ts'
import type { Target } from '../../../config/target/target.ts'
import type { FailureReason } from '../../../net/failure.ts'
import type { Sighting } from './addresses.ts'

/** What a check fails of on its way to the target. */
const onTheWay: readonly FailureReason[] = ['dns', 'connect', 'timeout']

/** Seconds. A result that may be older says nothing about now. */
const longestInterval = 300

/** What outlives the process. */
export interface ReachabilityState {
  /** The newest that its name led to. */
  readonly address?: string
  readonly unreachableBy?: FailureReason
  /** Until when its alerts are held back because the network of the prober is down; unix seconds. */
  readonly networkHoldsUntil?: number
}

/** Whether the checks of one target get there, and until when its alerts wait where many do not. Times are unix seconds. */
export class Reachability {
  #address: string | undefined
  #unreachableBy: FailureReason | undefined
  /** The host in the URL that was looked at last. */
  #host: { readonly instance: string; readonly name: string | undefined } | undefined
  #heldUntil: number

  constructor({ address, unreachableBy, networkHoldsUntil = -Infinity }: ReachabilityState = {}) {
    this.#address = address
    this.#unreachableBy = unreachableBy
    this.#heldUntil = networkHoldsUntil
  }

  /** On which step of their way its checks fail; undefined where it answers, whatever it says. */
  get unreachableBy(): FailureReason | undefined {
    return this.#unreachableBy
  }

  get heldUntil(): number {
    return this.#heldUntil
  }

  observe({ failure, resolve }: ProbeResult): void {
    // Kept while its name does not resolve.
    if (resolve?.address !== undefined) this.#address = ipaddr.process(resolve.address).toString()
    this.#unreachableBy = failure && onTheWay.includes(failure.reason) ? failure.reason : undefined
  }

  /** What is said about the network. Where its name has never led to an address, the host in its URL stands for it. */
  sighting({ interval, instance }: Target): Sighting {
    if (this.#host?.instance !== instance) this.#host = { instance, name: hostIn(instance) }
    const address = this.#address ?? this.#host.name
    const unreachable = this.#unreachableBy !== undefined
    return { unreachable, ...(address !== undefined && interval <= longestInterval && { address }) }
  }

  /** The network is down: holds the alerts back, where it is that which the checks fail of. */
  holdUntil(nextCheckAt: number): void {
    if (this.#unreachableBy !== undefined) this.#heldUntil = nextCheckAt
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#heldUntil += seconds
  }

  state(): ReachabilityState {
    return {
      ...(this.#address !== undefined && { address: this.#address }),
      ...(this.#unreachableBy && { unreachableBy: this.#unreachableBy }),
      ...(this.#heldUntil > -Infinity && { networkHoldsUntil: this.#heldUntil }),
    }
  }
}

function hostIn(instance: string): string | undefined {
  return /^[a-z0-9+.-]+:\/\/(\[[^\]]*\]|[^:/]*)/.exec(instance)?.[1]
}
