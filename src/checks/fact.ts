import type { ProbeResult } from './result.ts'

/**
 * One thing that a check has seen, for a person: the status page and `probity probe` show it as it is. The code that shows it removes
 * the secrets of the target, cuts what is long and makes it one line.
 */
export interface Fact {
  /** One or two words in lower case. */
  readonly label: string
  readonly value: string
}

/** Where the connection of a check led, once there was one. */
export function connectionFacts({ phases, resolve }: ProbeResult): Fact[] {
  if (phases?.connect === undefined) return []
  return [{ label: 'connected', value: resolve?.address === undefined ? 'yes' : `to ${resolve.address}` }]
}
