import type { ProbeResult } from '../../checks/result.ts'
import type { CertificateInfo } from '../../net/tls/result.ts'

type Chain = readonly CertificateInfo[]

/** A result whose chain of certificates stands apart. */
export interface Apart {
  readonly result: ProbeResult
  readonly chain?: {
    readonly id: number
    /** The first time. */
    readonly certificates?: Chain
  }
}

/** Chains that have a number at the same time. The next one takes the oldest number. */
const maxChains = 10_000

/** Sends each chain of certificates once, because probes find the same ones again and again. */
export class ChainSender {
  #ids = new WeakMap<Chain, number>()
  #next = 0

  apart(result: ProbeResult): Apart {
    const { tls } = result
    if (!tls || tls.chain.length === 0) return { result }
    const short = { ...result, tls: { ...tls, chain: [] } }
    const known = this.#ids.get(tls.chain)
    if (known !== undefined) return { result: short, chain: { id: known } }
    if (this.#next === maxChains) {
      this.#ids = new WeakMap()
      this.#next = 0
    }
    const id = this.#next++
    this.#ids.set(tls.chain, id)
    return { result: short, chain: { id, certificates: tls.chain } }
  }
}

/** Puts together what a {@link ChainSender} has taken apart. */
export class ChainReceiver {
  readonly #chains = new Map<number, Chain>()

  together({ result, chain }: Apart): ProbeResult {
    if (!chain || !result.tls) return result
    if (chain.certificates) this.#chains.set(chain.id, chain.certificates)
    return { ...result, tls: { ...result.tls, chain: this.#chains.get(chain.id) ?? [] } }
  }
}
