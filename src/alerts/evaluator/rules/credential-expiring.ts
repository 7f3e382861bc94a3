import { credentialNames, type CredentialName } from '../../../checks/result.ts'
import { targetAnnotations } from './annotations.ts'
import { absent, measured, type Condition } from './condition.ts'
import { humanizeDuration } from './go-format.ts'
import type { AlertRule, TargetView } from './rule.ts'

const week = 7 * 86_400

/**
 * Seconds that are left of a credential, where that is less than a tenth of its lifetime, at most 7 days; 7 days where nobody
 * knows the lifetime. One whose last tenth is shorter than an interval is left to the checks that may renew it.
 */
function remaining(name: CredentialName, { credentials, now, target }: TargetView): number | undefined {
  const credential = credentials.find((one) => one.name === name)
  if (!credential) return undefined
  const left = credential.expiresAt - now
  if (credential.lifetimeSeconds === undefined) return left < week ? left : undefined
  const tenth = 0.1 * credential.lifetimeSeconds
  return left < Math.min(tenth, week) && tenth > target.interval ? left : undefined
}

function conditions(name: CredentialName, { credentials, now, target }: TargetView): Condition[] {
  const credential = credentials.find((one) => one.name === name)
  if (!credential) return [absent('the newest check showed no credential that ends')]
  const { lifetimeSeconds } = credential
  const what = `its ${name} credential ends in {}`
  const left = (limit: number): Condition => ({
    ...measured(what, credential.expiresAt - now, 'seconds', 'less than', limit),
    falls: true,
  })
  if (lifetimeSeconds === undefined) return [left(week)]
  const tenth = 0.1 * lifetimeSeconds
  const renewable = 'a tenth of the lifetime of the credential is {}'
  return [
    left(Math.min(tenth, week)),
    measured(renewable, tenth, 'seconds', 'more than', target.interval, 'interval'),
  ]
}

function ruleOf(credential: CredentialName): AlertRule {
  return {
    id: `CredentialExpiring ${credential}`,
    alertname: 'CredentialExpiring',
    severity: 'warning',
    labels: { credential },
    holdsFor: 120,
    keepFiringFor: 300,
    // Until the first check of a process has said it again.
    window: (interval) => interval + 60,
    dependent: false,
    heldBackBy: [],
    decide: (view) => remaining(credential, view),
    conditions: (view) => [conditions(credential, view)],
    annotations: ({ target }, value) => ({
      summary: `${target.name} uses a credential (${credential}) that ${value < 0 ? 'has expired' : `expires in ${humanizeDuration(value)}`}`,
      description:
        'Expected it to be renewed before the last 10 % of its lifetime, or the last 7 days if that is shorter or the lifetime is unknown.',
      ...targetAnnotations(target, 'CredentialExpiring'),
    }),
  }
}

/** What a check presents ends before it is renewed: one alert for each kind of credential. */
export const credentialExpiring: readonly AlertRule[] = credentialNames.map(ruleOf)
