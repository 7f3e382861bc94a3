import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What an SSH server says of itself. */
export interface SshResult {
  /** Of SSH, such as `2.0`; absent where it did not say it. */
  readonly protocol?: string
  readonly software?: string
  /** The way of key exchange that the server offers first. */
  readonly keyExchange?: string
}

declare module '../result.ts' {
  interface Findings {
    readonly ssh?: SshResult
  }
}

/** The software of the server, and how it prefers to exchange keys. */
export function sshFacts(result: ProbeResult): Fact[] {
  const { software, keyExchange } = result.ssh ?? {}
  return [
    ...connectionFacts(result),
    ...(software === undefined ? [] : [{ label: 'software', value: software }]),
    ...(keyExchange === undefined ? [] : [{ label: 'key exchange', value: keyExchange }]),
  ]
}
