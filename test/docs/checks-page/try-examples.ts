import { expect, it } from 'vitest'
import type { FailureReason } from '../../../src/net/failure.ts'
import { checkTarget, type StandIn } from '../support/try-target.ts'
import { examples } from './examples.ts'

/** How an example is run. */
export interface Row {
  /** Starts what the example is about, as its section describes it. */
  readonly start: () => Promise<StandIn>
  /** What the check says once `fail` of the stand-in has been called: a failure that the section lists. */
  readonly reason: FailureReason
  readonly message: RegExp
}

/** By the names of the examples. */
export type Rows = Readonly<Record<string, Row>>

/** A message of the page: what stands for `…`, figures and names is another each time. */
function asPattern(message: string): RegExp {
  const escaped = message.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/…|\d+|\b[ab]\\.example/g, '.*')}$`)
}

/** Checks each target against what stands in for its server: as it is, and once that fails. */
export function tryExamples(rows: Rows): void {
  it.each(Object.entries(rows))('%s', async (name, { start, reason, message }) => {
    const example = examples.find((each) => each.name === name)
    if (example === undefined) throw new Error(`docs/checks.md has no example "${name}"`)
    const { text, target, section } = example
    const standIn = await start()
    const healthy = await checkTarget(text, target, standIn)
    expect(healthy.result.failure).toBeUndefined()
    await standIn.fail()
    const { failure } = (await checkTarget(text, target, standIn)).result
    expect(failure).toEqual({ reason, message: expect.stringMatching(message) })
    if (section.reasons.length > 0) expect(section.reasons).toContain(reason)
    if (section.messages.length > 0)
      expect(section.messages.filter((each) => asPattern(each).test(failure?.message ?? ''))).not.toEqual([])
  })
}
