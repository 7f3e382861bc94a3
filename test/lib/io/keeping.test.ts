import { describe, expect, it } from 'vitest'
import { createKeeping, describeNotKept } from '../../../src/lib/io/keeping.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { ProbityError } from '../../../src/lib/errors.ts'
import { testClock } from '../../support/time/clock.ts'

describe('what is known of files that cannot be written', () => {
  it('is said once when it begins and once when it ends, without paths for others', () => {
    const clock = testClock()
    const lines: string[] = []
    const destination = { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) }
    const keeping = createKeeping({ log: createLogger({ destination }), now: clock.now })
    const state = keeping.file('state')
    const other = keeping.file('other')
    state.kept()
    const cause = new Error("ENOSPC: no space left on device, open '/secret/state'")
    state.failed(new ProbityError('STATE_UNWRITABLE', `cannot write /secret/state: ${cause.message}`))
    clock.advance(60)
    state.failed(cause)
    other.kept()
    expect(keeping.files()).toEqual(['state', 'other'])
    expect(keeping.notKept().map(describeNotKept)).toEqual([
      'state could not be written since 2026-11-20T12:00:00.000Z: ENOSPC: no space left on device',
    ])
    state.kept()
    state.kept()
    expect(keeping.notKept()).toEqual([])
    other.failed(new ProbityError('STATE_SLOW', 'the disk has not answered for 5 s'))
    expect(keeping.notKept().map(({ reason }) => reason)).toEqual(['the disk has not answered for 5 s'])
    expect(lines).toEqual([
      "state cannot be written, its content is in memory only: cannot write /secret/state: ENOSPC: no space left on device, open '/secret/state'",
      'state can be written again: nothing is missing from it',
      'other cannot be written, its content is in memory only: the disk has not answered for 5 s',
    ])
  })
})
