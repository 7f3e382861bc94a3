import { isIP } from 'node:net'

/** One router on the way, or a place where nothing has answered. */
export interface Hop {
  /** From 1 on. */
  readonly number: number
  /** Absent: nothing has answered. */
  readonly address?: string
}

/**
 * Reads what `traceroute -n` and `tracepath -n` print: ` 3  192.0.2.1  4.2 ms` and ` 3  *`, or ` 3:  192.0.2.1  4.2ms` and
 * ` 3:  no reply`. Of several lines about one hop, the first with an address counts.
 */
export function readHops(lines: readonly string[]): Hop[] {
  const hops = new Map<number, Hop>()
  for (const line of lines) {
    const [, digits = '', word = ''] = /^\s*(\d{1,3})\??:?\s+(\S+)/.exec(line) ?? []
    const number = Number(digits)
    if (digits === '' || number === 0 || (word !== '*' && word !== 'no' && isIP(word) === 0)) continue
    if (hops.get(number)?.address !== undefined) continue
    hops.set(number, { number, ...(isIP(word) !== 0 && { address: word }) })
  }
  return [...hops.values()].sort((a, b) => a.number - b.number)
}

/** Says how far the way to an address leads: it claims no cause. */
export function routeWords(address: string, hops: readonly Hop[]): string {
  const last = hops.findLast((hop) => hop.address !== undefined)
  if (!last) return `nothing on the way to ${address} answers`
  if (last.address === address) return `${address} answers as hop ${last.number}`
  return `on the way to ${address}, the last answer is from ${last.address ?? ''} (hop ${last.number})`
}
