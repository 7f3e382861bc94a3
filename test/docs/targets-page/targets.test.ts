import { describe, expect, it } from 'vitest'
import type { Target } from '../../../src/config/target/target.ts'
import { parse } from '../../support/parse-config.ts'
import { examplesOf } from '../support/examples.ts'
import { haveRows, tryExamples } from '../support/try-examples.ts'
import { standIns } from './stand-ins.ts'

const page = 'docs/targets.md'

/** The target that an example makes. */
function targetOf(name: string): Target | undefined {
  const example = examplesOf(page).find((each) => each.name === `Where a value comes from: ${name}`)
  return example && parse(example.text).target(example.target)
}

describe(page, () => {
  haveRows(page, standIns)
  tryExamples(page, standIns)

  it('says in its comments where values come from', () => {
    expect(targetOf('https://a.example.com')).toMatchObject({
      interval: 60,
      labels: { team: 'platform' },
      expect: { maxLatency: 2 },
    })
    expect(targetOf('b')).toMatchObject({ expect: { maxLatency: 2, maxErrorRatio: 0.01 } })
    expect(targetOf('b')?.labels).toEqual({ vendor: 'acme' })
    for (const name of ['c', 'd'])
      expect(targetOf(name)).toMatchObject({ expect: { maxLatency: 0.2, maxErrorRatio: 0.001 } })
  })
})
