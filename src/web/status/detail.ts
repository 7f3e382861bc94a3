import { expiryOf, type TlsResult } from '../../net/tls/result.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { Fact } from '../../checks/fact.ts'
import { kindOfCheck } from '../../checks/index.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { retryFacts } from '../../checks/shared/retry.ts'
import type { CertificateClock } from './clocks.ts'
import type { WithCommands } from './shown-run.ts'
import type { KnownOfFailing } from './failing.ts'
import type { Incident, TargetDetail, TargetStatus } from './status.ts'

/** Characters of a fact, and of a certificate's own fields, that are shown. */
const maxField = 200

/** What else is known of a target. */
export interface KnownOfTarget extends KnownOfFailing, WithCommands {
  readonly result: ProbeResult | undefined
  readonly incidents: readonly Incident[]
  readonly location?: string | undefined
}

/** Adds to a target's status what only its own page shows. */
export function targetDetail(
  status: TargetStatus,
  target: Target,
  { result, incidents, location, shared, route, commands }: KnownOfTarget,
): TargetDetail {
  const { runbook } = target
  return {
    ...status,
    ...(location !== undefined && { location }),
    ...(shared !== undefined && { shared }),
    ...(route && { route }),
    ...(runbook !== undefined && { runbook: redact(runbook, target.secrets) }),
    facts: result ? shownFacts(target, result) : [],
    ...(result?.phases && { phases: result.phases }),
    ...(result?.tls && result.tls.chain.length > 0 && { certificate: certificateClock(result.tls, target) }),
    credentials: (result?.credentials ?? []).map(({ name, expiresAt, lifetimeSeconds }) => ({
      name,
      expiresAt: new Date(expiresAt * 1000),
      ...(lifetimeSeconds !== undefined && { lifetimeSeconds }),
    })),
    expectations: shownExpectations(target),
    incidents,
    ...(commands && { commands }),
  }
}

/** What the kind of the check has to say about it. The peer may have chosen the words. */
function shownFacts({ check, secrets }: Target, result: ProbeResult): Fact[] {
  const shown = (text: string): string => field(redact(text, secrets))
  return [...kindOfCheck(check).facts(result), ...retryFacts(result)].map(({ label, value }) => ({
    label: shown(label),
    value: shown(value),
  }))
}

function certificateClock(tls: TlsResult, { expect }: Target): CertificateClock {
  const [leaf] = tls.chain
  return {
    expiresAt: new Date(expiryOf(tls) * 1000),
    minRemainingSeconds: expect.minCertificate,
    verified: tls.verified,
    ...(leaf && { subject: field(leaf.subject), issuer: field(leaf.issuer) }),
  }
}

/** On one line, and cut: the peer writes its own certificate. */
function field(text: string): string {
  return cut(oneLine(text), maxField)
}

/** A literal value may be the same as one that is a secret elsewhere in the target. */
function shownExpectations({ shown, secrets }: Target): Record<string, unknown> {
  const { expect } = shown
  if (typeof expect !== 'object' || expect === null) return {}
  return JSON.parse(JSON.stringify(expect), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value, secrets) : value,
  ) as Record<string, unknown>
}
