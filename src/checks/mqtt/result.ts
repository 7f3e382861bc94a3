import { connectionFacts, type Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a broker did. */
export interface MqttResult {
  /** Whether it accepted the session. */
  readonly accepted: boolean
  /** The beginning of the message that came; absent without one. */
  readonly message?: string
}

declare module '../result.ts' {
  interface Findings {
    readonly mqtt?: MqttResult
  }
}

/** Where the connection led, and the message. */
export function mqttFacts(result: ProbeResult): Fact[] {
  const { message } = result.mqtt ?? {}
  return [
    ...connectionFacts(result),
    ...(message === undefined ? [] : [{ label: 'message', value: message }]),
  ]
}
