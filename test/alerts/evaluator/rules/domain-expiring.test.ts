import { expect, it } from 'vitest'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import { checkOf } from '../../../support/checks.ts'
import { aResult, aTarget } from '../../../support/target.ts'

const day = 86_400

/** The severities of DomainExpiring at a time, after checks that have seen these: days that are left, or nothing. */
function firing(
  checks: readonly (number | undefined)[],
  expectedDays = 30,
  later = 60,
): (string | undefined)[] {
  const check = checkOf('domain', { domain: 'example.com', expect: { domain_days: expectedDays } })
  const target = aTarget({ check, interval: day, timeout: 10, alertAfter: 2.5 * day })
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target] }, 0)
  for (const [index, left] of checks.entries()) {
    const at = index * day
    const seen = left === undefined ? {} : { domain: { expiresAt: at + left * day } }
    evaluator.observe(target, aResult(seen), at, at)
    evaluator.tick(at)
  }
  evaluator.tick((checks.length - 1) * day + later)
  const alerts = evaluator.firing().filter(({ labels }) => labels.alertname === 'DomainExpiring')
  return alerts.map(({ labels }) => labels.severity)
}

// The same stories are in prometheus/tests/credentials.test.yml.
it.each<[string, (number | undefined)[], number, (string | undefined)[]]>([
  ['does not fire while enough is left', [31], 30, []],
  ['warns within the days that are expected', [29], 30, ['warning']],
  ['is critical within 7 days', [6.9], 30, ['warning', 'critical']],
  ['does not fire for fewer days than expected', [6.9], 1, []],
  ['fires for one that has expired', [-1], 30, ['warning', 'critical']],
  ['goes on while the registry does not say it', [29, undefined, undefined], 30, ['warning']],
  ['ends when it is renewed', [29, 400], 30, []],
])('DomainExpiring, in solo, %s', (_name, checks, expectedDays, severities) => {
  expect(firing(checks, expectedDays, 600).sort().reverse()).toEqual([...severities])
})

it('DomainExpiring, in solo, ends where nobody has learnt it for days', () => {
  expect(firing([29, undefined, undefined, undefined, undefined], 30, 600)).toEqual([])
})
