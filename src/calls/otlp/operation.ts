import { first, names } from './attributes.ts'
import type { Span } from './span.ts'

/**
 * What a span that is not only an HTTP request calls: `pay.Payments/Charge`, `postgresql/SELECT`, `kafka/publish`,
 * `openai/chat`; otherwise the function that made the call, or the name of the span.
 */
export function operationOf({ attributes, name }: Span): string {
  const method = first(attributes, names.rpcMethod)
  if (method !== undefined) {
    const service = first(attributes, names.rpcService)
    // In the newest conventions the method names its service too.
    return service === undefined || method.includes('/') ? method : `${service}/${method}`
  }
  for (const [system, operation] of systems) {
    const called = first(attributes, system)
    if (called !== undefined) return [called, first(attributes, operation)].filter(Boolean).join('/')
  }
  return first(attributes, names.code) ?? name
}

const systems = [
  [names.dbSystem, names.dbOperation],
  [names.messagingSystem, names.messagingOperation],
  [names.genAiSystem, names.genAiOperation],
] as const
