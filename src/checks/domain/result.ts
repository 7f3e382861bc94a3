import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a registry says of a domain. */
export interface DomainResult {
  /** When the registration ends. Unix time in seconds. */
  readonly expiresAt: number
  /** With whom it is registered; absent where that is not said. */
  readonly registrar?: string
}

declare module '../result.ts' {
  interface Findings {
    readonly domain?: DomainResult
  }
}

/** Until when it is registered, and with whom. */
export function domainFacts(result: ProbeResult): Fact[] {
  const { domain } = result
  if (!domain) return connectionFacts(result)
  return [
    { label: 'expires', value: new Date(domain.expiresAt * 1000).toISOString().replace('.000Z', 'Z') },
    ...(domain.registrar === undefined ? [] : [{ label: 'registrar', value: domain.registrar }]),
  ]
}
