import { connectionFacts, type Fact } from '../../fact.ts'
import type { ProbeResult } from '../../result.ts'

/** What was said over a connection. */
export interface DialogueResult {
  /** Whether the peer ended the connection before a line matched; absent where there was no connection to talk over. */
  readonly failedDueToRegex?: boolean
  /** Whether the bytes of a step were different or did not come; absent where there was no connection to talk over. */
  readonly failedDueToBytes?: boolean
  /** What groups of matching lines have found, as labels: one set per step that asks for it, each once. */
  readonly info: readonly Readonly<Record<string, string>>[]
}

declare module '../../result.ts' {
  interface Findings {
    readonly dialogue?: DialogueResult
  }
}

/** What was found in what the peer said: that becomes a label too. */
export function dialogueFacts({ dialogue }: ProbeResult): Fact[] {
  return (dialogue?.info ?? []).flatMap((labels) =>
    Object.entries(labels).map(([name, value]) => ({ label: name, value })),
  )
}

/** Where the connection led, and what was found in what was said over it. */
export function conversationFacts(result: ProbeResult): Fact[] {
  return [...connectionFacts(result), ...dialogueFacts(result)]
}
