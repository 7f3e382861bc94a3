import { expect, it } from 'vitest'
import type { Explanation, RuleExplanation } from '../../../src/alerts/explain/explanation.ts'
import { withSilences } from '../../../src/alerts/explain/silenced.ts'
import { wordsOf } from '../../../src/alerts/explain/words.ts'
import { readAcknowledgement, readSilence } from '../../../src/alerts/silences/request.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { aTarget } from '../../support/target.ts'

const at = Date.parse('2026-11-21T12:00:00Z') / 1000
const reading = { targets: ['shop'], by: 'anna', now: at * 1000 - 60_000 }

function rule(overrides: Partial<RuleExplanation>): RuleExplanation {
  return {
    alertname: 'TargetDown',
    severity: 'critical',
    labels: {},
    state: 'firing',
    since: at - 300,
    ways: [],
    holds: [],
    channels: [{ name: 'chat' }],
    ...overrides,
  }
}

const explanation: Explanation = {
  target: 'shop',
  location: 'home',
  at,
  checks: 1,
  horizon: 3600,
  rules: [rule({}), rule({ alertname: 'TargetSlow', severity: 'warning', state: 'quiet' })],
  origins: {},
  unknown: [],
}

const silences = [
  readSilence({ match: 'severity=warning', for: '2h', comment: 'known' }, reading),
  readSilence({ match: 'target=other', for: '2h', comment: 'no' }, reading),
  ...readAcknowledgement({ target: 'shop' }, [anAlert()], reading),
].map((silence, index) => ({ ...silence, id: String(index) }))

it('an explanation says who has silenced or acknowledged what, and that nobody is notified', () => {
  const words = wordsOf(withSilences(explanation, aTarget(), silences))
  expect(words.map(({ notes }) => notes)).toEqual([
    [
      'Nobody is notified of it again: anna takes care of it, until it ends or until 2026-11-22 11:59:00 UTC.',
      expect.stringMatching(/^It does not end within 1h/),
      'It would notify: chat and the alerts log.',
    ],
    ['Nobody is notified of it: anna has silenced it until 2026-11-21 13:59:00 UTC (known).'],
  ])
})

it('what has ended by then, or has not begun, is not said', () => {
  for (const moment of [at - 3600, at + 90_000]) {
    const then = { ...explanation, at: moment }
    expect(withSilences(then, aTarget(), silences)).toEqual(then)
  }
})
