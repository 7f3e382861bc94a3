import { expect, it } from 'vitest'
import type { FailureReason } from '../../../src/net/failure.ts'
import { examplesOf } from './examples.ts'
import { checkTarget, type StandIn } from './try-target.ts'

/** How an example is run. */
export interface Row {
  /**
   * Starts what the example is about, as its section describes it.
   *
   * @param text The targets.yml.
   */
  readonly start: (text: string) => Promise<StandIn>
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

/** Checks targets of a page, each against what stands in for its server: as it is, and once that fails. */
export function tryExamples(page: string, rows: Rows): void {
  const examples = examplesOf(page)
  it.each(Object.entries(rows))('%s', async (name, { start, reason, message }) => {
    const example = examples.find((each) => each.name === name)
    if (example === undefined) throw new Error(`${page} has no example "${name}"`)
    const { text, target, section } = example
    const standIn = await start(text)
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

/** Every target of a page has a row. */
export function haveRows(page: string, ...rows: readonly Rows[]): void {
  const examples = examplesOf(page)
  const names = rows.flatMap((each) => Object.keys(each))

  it('has examples, each with a name that no other has', () => {
    const all = examples.map(({ name }) => name)
    expect(all.length).toBeGreaterThan(20)
    expect([...new Set(all)]).toEqual(all)
  })

  it.each(examples)('$name has something that stands in for its server, in stand-ins/', ({ name }) => {
    expect(names).toContain(name)
  })
}
