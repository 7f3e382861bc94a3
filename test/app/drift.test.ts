import { expect, it } from 'vitest'
import { createDriftLog } from '../../src/app/probing/drift.ts'
import { createLogger } from '../../src/lib/logger.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { aTarget } from '../support/target.ts'
import { testClock } from '../support/time/clock.ts'

it('a field that a specification does not know is logged once a day and target', () => {
  const lines: string[] = []
  const clock = testClock('2026-11-29T12:00:00Z')
  const log = createDriftLog(
    createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }),
    clock,
  )
  const see = (name: string, ...unknownFields: string[]): string[] => {
    const result: ProbeResult = { startedAt: new Date(), durationSeconds: 1, success: true, unknownFields }
    lines.length = 0
    log({ target: aTarget({ name, secrets: ['s3cret'] }), result })
    return lines.flatMap((line) => (JSON.parse(line) as { fields: string[] }).fields)
  }
  expect(see('a', '$.b', '$.s3cret')).toEqual(['$.b', '$.<secret>'])
  expect(lines[0]).toContain('the response has fields that its specification does not know')
  expect(see('a', '$.b')).toEqual([])
  expect(see('a', '$.b', '$.c')).toEqual(['$.c'])
  expect(see('other', '$.b')).toEqual(['$.b'])
  expect(see('other')).toEqual([])
  clock.advance(86_399)
  expect(see('a', '$.b')).toEqual([])
  clock.advance(1)
  expect(see('a', '$.b', '$.c')).toEqual(['$.b', '$.c'])
})
