import type { Observed, Shared } from '../../alerts/evidence/shared.ts'
import { sharedByFailing, sharedWords } from '../../alerts/evidence/shared.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Target } from '../../config/target/target.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { cut, oneLine } from '../../lib/text/text.ts'

/** What targets share that fail. */
export interface SharedTraits {
  readonly observe: (target: Target, result: ProbeResult) => void
  /** Forgets all targets but these. */
  readonly retain: (targets: readonly Target[]) => void
  /** Undefined where a target works, or shares nothing that separates those that fail from those that work. */
  readonly of: (name: string) => string | undefined
}

/** Milliseconds for which all targets are not compared again: an outage asks for each of them. */
const rememberedMs = 1000

const maxValue = 200

/** Remembers of each target where it was found: a check that fails early does not see what the one before saw. */
export function watchTraits({ clock }: { readonly clock: Pick<Clock, 'monotonic'> }): SharedTraits {
  const seen = new Map<string, Observed>()
  let known: { readonly at: number; readonly shared: Shared } | undefined
  return {
    observe(target, result) {
      const before = seen.get(target.name)?.has
      seen.set(target.name, {
        name: target.name,
        failing: !result.success,
        has: traitsOf(target, result, before),
      })
    },
    retain(targets) {
      const names = new Set(targets.filter(({ paused }) => !paused).map(({ name }) => name))
      for (const name of seen.keys()) if (!names.has(name)) seen.delete(name)
    },
    of(name) {
      if (seen.get(name)?.failing !== true) return undefined
      const now = clock.monotonic()
      if (!known || now - known.at >= rememberedMs)
        known = { at: now, shared: sharedByFailing(seen.values()) }
      return sharedWords(known.shared, name)
    },
  }
}

function traitsOf(
  { instance, labels, check }: Target,
  { resolve, tls }: ProbeResult,
  before: Observed['has'] = {},
): Observed['has'] {
  const [leaf] = tls?.chain ?? []
  const address = resolve?.address ?? before.address
  const certificate = leaf
    ? `${cut(oneLine(leaf.subject), maxValue)} (${leaf.fingerprintSha256.slice(0, 16)})`
    : before.certificate
  const host = hostOf(instance)
  const server = check.kind === 'dns' ? check.server : undefined
  return {
    ...(address !== undefined && !isOwn(address) && { address }),
    ...(host !== undefined && !isOwn(host) && { host }),
    ...(certificate !== undefined && { certificate }),
    ...(server && { 'name server': `${server.host}:${server.port}` }),
    ...(labels.vendor !== undefined && { vendor: labels.vendor }),
  }
}

/** The machine itself is where much of what works is, under several names. */
function isOwn(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/** Of a URL, or of `host:port`; undefined where there is none, as with a command. */
function hostOf(instance: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(instance)) {
    const host = URL.canParse(instance) ? new URL(instance).hostname : ''
    return host === '' ? undefined : host
  }
  return /^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.exec(instance)?.[1]
}
