import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a Redis server answered. */
export interface RedisResult {
  /** The beginning of the answer as text; absent without one. */
  readonly reply?: string
}

declare module '../result.ts' {
  interface Findings {
    readonly redis?: RedisResult
  }
}

/** Where the connection led, and the answer. */
export function redisFacts(result: ProbeResult): Fact[] {
  const { reply } = result.redis ?? {}
  return [...connectionFacts(result), ...(reply === undefined ? [] : [{ label: 'answer', value: reply }])]
}
