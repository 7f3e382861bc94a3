import type { IncomingMessage } from 'node:http'
import type { RouteScope } from '../tokens/route-scopes.ts'
import type { Identity } from './caller.ts'

/** What is known of a request before its route sees it. */
export interface Visitor extends Identity {
  readonly route: RouteScope
}

const visitors = new WeakMap<IncomingMessage, Visitor>()

/** Remembers who has sent a request, for as long as there is the request. */
export function remember(request: IncomingMessage, visitor: Visitor): void {
  visitors.set(request, visitor)
}

/** Who has sent a request. */
export function visitorOf(request: IncomingMessage): Visitor {
  const visitor = visitors.get(request)
  // A route that is reached past the door must not be open.
  if (!visitor) throw new Error('nobody has asked who sends this request')
  return visitor
}
