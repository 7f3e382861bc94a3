import { expect, it } from 'vitest'
import { absent, measured, stated } from '../../../src/alerts/evaluator/rules/condition.ts'
import type { Explanation, RuleExplanation } from '../../../src/alerts/explain/explanation.ts'
import { footnotes, wordsOf } from '../../../src/alerts/explain/words.ts'

const at = Date.parse('2026-11-21T12:00:00Z') / 1000

function rule(alertname: string, more: Partial<RuleExplanation> = {}): RuleExplanation {
  return {
    alertname,
    severity: 'warning',
    labels: {},
    state: 'quiet',
    ways: [[stated(false, '', 'its newest check succeeded')]],
    holds: [],
    channels: [],
    ...more,
  }
}

const explain = (...rules: RuleExplanation[]): Explanation => ({
  target: 'shop',
  location: 'home',
  at,
  checks: 1,
  horizon: 3600,
  rules,
  origins: {},
  unknown: [],
})

it('what fires comes first, then what will, and what has nothing to judge is one sentence at the end', () => {
  const nothing = { ways: [[absent('no check within 1h saw a certificate')]] }
  const explanation = explain(
    rule('TargetDown'),
    rule('TargetSlow', { beginsAt: at + 60 }),
    rule('CertificateExpiring', nothing),
    rule('CertificateExpiring', { severity: 'critical', ...nothing }),
    rule('TargetFlapping', { state: 'firing', since: at - 60, endsAt: at + 120 }),
  )
  expect(wordsOf(explanation).map(({ headline, notes }) => [headline, ...notes])).toEqual([
    [
      'TargetFlapping (warning) has been firing since 2026-11-21 11:59:00 UTC.',
      'It ends at 2026-11-21 12:02:00 UTC if every check ends like the newest one.',
      'Notified: the alerts log alone.',
    ],
    [
      'TargetSlow (warning) does not fire.',
      'It begins at 2026-11-21 12:01:00 UTC if every check ends like the newest one.',
      'It would notify: the alerts log alone.',
    ],
    ['TargetDown (warning) does not fire.'],
  ])
  expect(footnotes(explanation)).toEqual([
    'Nothing to judge for CertificateExpiring (no check within 1h saw a certificate).',
    'No other alert begins within 1h if every check ends like the newest one.',
    'An alert that begins would notify: the alerts log alone.',
  ])
})

it('alerts that notify others are named', () => {
  const chat = { channels: [{ name: 'chat' }] }
  expect(footnotes(explain(rule('TargetDown', chat), rule('TargetSlow'), rule('A', chat))).slice(1)).toEqual([
    'TargetDown, A would notify: chat and the alerts log.',
    'TargetSlow would notify: the alerts log alone.',
  ])
})

it.each([
  [
    measured('{} of its checks failed', 2.4, 'count', 'at least', 2.5),
    '2 of its checks failed; it takes at least 3.',
  ],
  [measured('it changed {} times', 1, 'count', 'more than', 12), 'It changed 1 time; it takes at least 13.'],
  [
    measured('it was down {} ago', 0.58, 'seconds', 'at least', 3600),
    'It was down 1s ago; it takes at least 1h.',
  ],
  [
    measured('half took {} or more', 0.2653, 'seconds', 'more than', 0.2),
    'Half took 265.3ms or more; it takes more than 200ms.',
  ],
  [
    measured('{} of its checks failed', 0.5, 'ratio', 'more than', 7.2),
    '50% of its checks failed; it takes more than 720%, which no check can bring about.',
  ],
])('a condition is read aloud: %j', (condition, text) => {
  const [words] = wordsOf(explain(rule('TargetSlow', { ways: [[condition]] })))
  expect(words?.ways).toEqual([[{ holds: condition.holds, text }]])
})
