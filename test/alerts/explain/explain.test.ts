import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alertRules } from '../../../src/alerts/evaluator/rules/index.ts'
import { wordsOf } from '../../../src/alerts/explain/words.ts'
import { partOf } from '../../support/proof.ts'
import { explained, happened, situations } from './situations.ts'

const suites = [
  { intervals: [30, 60], length: 5400, longestGap: 0, count: 22, horizon: 7200, dependent: false },
  { intervals: [30, 60], length: 3600, longestGap: 0, count: 16, horizon: 3600, dependent: true },
  { intervals: [5], length: 1500, longestGap: 0, count: 4, horizon: 1800, dependent: false },
  { intervals: [300, 900], length: 90_000, longestGap: 0, count: 8, horizon: 43_200, dependent: false },
]

describe('fifty generated situations', () => {
  const seen = { firing: 0, heldBack: 0, begins: 0, ends: 0 }

  it.each(suites)(
    'are explained as the evaluator decides them: $intervals, dependent: $dependent',
    async (suite) => {
      const { count, horizon, dependent, ...shape } = suite
      for (const situation of fc.sample(situations(shape, dependent), {
        numRuns: partOf(count, 4),
        seed: 20261129,
      })) {
        const explanation = await explained(situation, horizon)
        const outcome = happened(situation, horizon)
        const place = `${JSON.stringify(situation.timeline.target.interval)} at ${situation.at}`
        expect(explanation.rules).toHaveLength(alertRules.length)
        for (const [index, { id }] of alertRules.entries()) {
          const rule = explanation.rules[index]!
          expect(`${place} ${id} ${rule.state === 'firing'}`).toBe(`${place} ${id} ${outcome.firing.has(id)}`)
          const said = rule.state === 'firing' ? rule.endsAt : rule.beginsAt
          // The end of a certificate is known for longer.
          const changed = (said ?? 0) > situation.at + horizon ? undefined : said
          expect(`${place} ${id} ${changed}`).toBe(`${place} ${id} ${outcome.changes.get(id)}`)
          if (rule.state === 'firing') seen.firing++
          if (rule.state === 'held back') seen.heldBack++
          if (rule.beginsAt !== undefined) seen.begins++
          if (rule.endsAt !== undefined) seen.ends++
          expect(rule.summary ?? '').toBe(outcome.summaries.get(id) ?? '')
        }
        expect(JSON.stringify(wordsOf(explanation))).not.toMatch(/undefined|NaN|Infinity|\{\}/)
      }
    },
  )

  it('are of all sorts', () => {
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0)
  })
})
