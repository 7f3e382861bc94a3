import { networkOf } from './network-of.ts'

/** Gives somebody at an address a place, and returns what gives it back; nothing where there is none for that address. */
export type Shares = (address: string | undefined) => (() => void) | undefined

/**
 * Divides places among addresses: one gets no more than half of what all the others leave, and so there is always one for an
 * address that has none yet, unless very many addresses conspire.
 *
 * @param most How many there are.
 */
export function createShares(most: number): Shares {
  const taken = new Map<string, number>()
  let all = 0
  return (address = '') => {
    const client = networkOf(address)
    const own = taken.get(client) ?? 0
    if (own >= Math.ceil((most - (all - own)) / 2)) return undefined
    taken.set(client, own + 1)
    all++
    let given = false
    return () => {
      if (given) return
      given = true
      all--
      const left = (taken.get(client) ?? 1) - 1
      if (left === 0) taken.delete(client)
      else taken.set(client, left)
    }
  }
}
