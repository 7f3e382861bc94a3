import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'
import { dialogueFacts } from '../shared/dialogue/result.ts'

/** What became of a connection that was to be upgraded to WebSocket. */
export interface WebsocketResult {
  /** The HTTP code of the answer; 0 without one. */
  readonly statusCode: number
  readonly upgraded: boolean
  /** Whether the peer closed the connection before a message matched. */
  readonly failedDueToRegex: boolean
}

declare module '../result.ts' {
  interface Findings {
    readonly websocket?: WebsocketResult
  }
}

/** What the upgrade was answered with, and what was found in what was said after it. */
export function websocketFacts(result: ProbeResult): Fact[] {
  const { statusCode = 0, upgraded = false } = result.websocket ?? {}
  return [
    ...connectionFacts(result),
    ...(statusCode === 0
      ? []
      : [{ label: 'upgrade', value: `HTTP ${statusCode}, ${upgraded ? 'upgraded' : 'not upgraded'}` }]),
    ...dialogueFacts(result),
  ]
}
