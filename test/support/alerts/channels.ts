import type { CommandAuditEntry } from '../../../src/channels/command/audit.ts'
import type { CommandStore } from '../../../src/channels/command/guard.ts'
import type { ChannelDependencies } from '../../../src/channels/dependencies.ts'
import { testClock } from '../time/clock.ts'

export interface TestDependencies extends ChannelDependencies {
  /** What was audited. */
  readonly entries: CommandAuditEntry[]
}

/** What a channel needs, kept in memory; what matters to a test is overridden by it. */
export function channelDependencies(overrides: Partial<ChannelDependencies> = {}): TestDependencies {
  const entries: CommandAuditEntry[] = []
  return {
    name: 'ops',
    clock: testClock(),
    timeoutMs: 5000,
    env: { PATH: process.env.PATH },
    store: memoryStore(),
    audit: (entry) => {
      entries.push(entry)
      return Promise.resolve()
    },
    entries,
    ...overrides,
  }
}

export function memoryStore(): CommandStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>()
  return {
    values,
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => {
      if (value === undefined) values.delete(key)
      else values.set(key, value)
      return Promise.resolve()
    },
  }
}

/** What a delivery failed with. */
export async function failureOf(delivery: Promise<void>): Promise<unknown> {
  try {
    await delivery
  } catch (error) {
    return error
  }
  throw new Error('the delivery did not fail')
}
