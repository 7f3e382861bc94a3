import { expect, it } from 'vitest'
import { readSilence } from '../../../src/alerts/silences/request.ts'
import type { Silence } from '../../../src/alerts/silences/silence.ts'
import { silencedTargets } from '../../../src/app/silences/silenced-targets.ts'
import type { LabelMatcher } from '../../../src/config/notify/matchers.ts'

const reading = { targets: [], by: 'anna', now: Date.parse('2026-11-21T12:00:00Z') }
const targets = new Map(['shop', 'blog'].map((name) => [name, { target: name, team: name[0]! }]))

let compared = 0

/** A silence whose matchers are counted when they are asked. */
function silence(match: string): Silence {
  const made = readSilence({ match, for: '1h', comment: 'x' }, reading)
  const counted = ({ matches, ...matcher }: LabelMatcher): LabelMatcher => ({
    ...matcher,
    matches(labels) {
      compared++
      return matches(labels)
    },
  })
  return { ...made, id: match, matchers: made.matchers.map(counted) }
}

it('what a silence is about is found once, until the targets or the silences are others', async () => {
  const find = silencedTargets()
  const namesOf = async (match: string, all = targets) =>
    [...(await find([silence(match)], all)).values()].flat()
  expect(await namesOf('target=~"s.+"')).toEqual(['shop'])
  const first = compared
  expect(first).toBe(2)
  // Made again, as the silences of Alertmanager are with every answer.
  expect(await namesOf('target=~"s.+"')).toEqual(['shop'])
  expect(compared).toBe(first)
  expect(await namesOf('team=b')).toEqual(['blog'])
  expect(await namesOf('target=~"s.+"', new Map([['sms', { target: 'sms', team: 's' }]]))).toEqual(['sms'])
  expect(await namesOf('target=shop,severity=warning')).toEqual([])
  expect(compared).toBeGreaterThan(first)
})
