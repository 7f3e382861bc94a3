import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { inNetworks } from '../settings/values/network.ts'

/** Whether a request comes from one of some networks itself. */
export function comesFrom({ socket }: IncomingMessage, networks: readonly string[]): boolean {
  const { remoteAddress = '' } = socket
  return isIP(remoteAddress) !== 0 && inNetworks(networks)(remoteAddress)
}

/** Where a request comes from: what a trusted proxy says of it, otherwise the address of the connection. */
export function addressOf(request: IncomingMessage, trusted: readonly string[] = []): string {
  const { remoteAddress = '' } = request.socket
  if (!comesFrom(request, trusted)) return remoteAddress
  const isTrusted = inNetworks(trusted)
  const chain = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  // From the end, because what stands before the last stranger is what that one says.
  const last = chain.map((part) => part.trim()).findLast((part) => isIP(part) === 0 || !isTrusted(part))
  return last !== undefined && isIP(last) !== 0 ? last : remoteAddress
}
