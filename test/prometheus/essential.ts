import { secondsUntilEnd, type TestGroup } from './shipped.ts'

/**
 * Leaves out every test of which others say the same: that an alert fires, or that it does not. The longest go first, because
 * promtool evaluates the rules at every step.
 */
export function essential(tests: readonly TestGroup[]): TestGroup[] {
  const left = new Set(tests)
  const times = new Map<string, number>()
  for (const claim of tests.flatMap(claimsOf)) times.set(claim, (times.get(claim) ?? 0) + 1)
  for (const group of [...tests].sort((a, b) => secondsUntilEnd(b) - secondsUntilEnd(a))) {
    const claims = claimsOf(group)
    if (claims.some((claim) => times.get(claim) === 1)) continue
    left.delete(group)
    for (const claim of claims) times.set(claim, times.get(claim)! - 1)
  }
  return tests.filter((group) => left.has(group))
}

/** What a test says of alerts, each once. */
function claimsOf({ alert_rule_test: alerts = [] }: TestGroup): string[] {
  const claims = alerts.map(({ alertname, exp_alerts: expected }) =>
    expected.length > 0 ? `${alertname} fires` : `${alertname} does not fire`,
  )
  return [...new Set(claims)]
}
