import { systemClock } from '../../lib/time/clock.ts'
import { ProbeFailure, type Failure } from '../../net/failure.ts'
import { probeHttp, type HttpProber } from '../http/probe.ts'
import type { ProbeResult, Prober } from '../result.ts'
import { ianaList, Services } from './bootstrap.ts'
import type { Answer } from '../shared/ask-json.ts'
import { ask } from './request.ts'
import type { DomainResult } from './result.ts'
import type { DomainCheck } from './schema.ts'

export interface DomainProberOptions {
  /** Where the list of RDAP services is. Default: at IANA. */
  readonly list?: URL
  /** Sends one request. Default: as `url:` targets do. */
  readonly probe?: HttpProber
}

/** What is wanted of an answer: RFC 9083, sections 4.5, 5.1 and 5.3; the name of a registrar is in a jCard (RFC 7095). */
const paths = [
  "$.events[?@.eventAction == 'expiration'].eventDate",
  '$.ldhName',
  "$.entities[?@.roles[?@ == 'registrar']].vcardArray[1][?@[0] == 'fn'][3]",
]

/** RFC 3339. */
const timestamp = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/

/**
 * Makes a prober that asks a registry, over RDAP (RFC 9082), until when a domain is registered. It succeeds if the registry says
 * so, and the domain has not expired.
 */
export function createDomainProber({
  list = ianaList,
  probe = probeHttp,
}: DomainProberOptions = {}): Prober<DomainCheck> {
  const services = new Services(list)
  return async (check, context) => {
    const clock = context.clock ?? systemClock
    const startedAt = new Date(clock.now())
    const began = clock.monotonic()
    let seen: Partial<ProbeResult> = {}
    let failure: Failure | undefined
    try {
      const service = check.server ?? (await services.serviceOf(check, startedAt.getTime(), context, probe))
      const answer = await ask(questionOf(service, check.domain), paths, check, context, probe)
      const { resolve, phases } = answer.result
      seen = { ...(resolve && { resolve }), ...(phases && { phases }) }
      const domain = read(answer, check, service)
      seen = { ...seen, domain }
      failure = judge(domain, check, startedAt)
    } catch (error) {
      if (!(error instanceof ProbeFailure)) throw error
      failure = { reason: error.reason, message: error.message }
    }
    const durationSeconds = (clock.monotonic() - began) / 1000
    return {
      ...seen,
      startedAt,
      durationSeconds,
      success: failure === undefined,
      ...(failure && { failure }),
    }
  }
}

/** The prober of `domain:` targets. */
export const probeDomain = createDomainProber()

/** RFC 9082, section 3.1.3. */
function questionOf(service: URL, domain: string): URL {
  return new URL(`${service.href.replace(/\/$/, '')}/domain/${domain}`)
}

/** @throws ProbeFailure where the answer does not say until when it is registered. */
function read({ result, found }: Answer, { domain }: DomainCheck, service: URL): DomainResult {
  if (result.failure) throw explained(result.failure, result.http?.statusCode, domain, service)
  const [expires, name, registrar] = found
  if (!expires || 'problem' in expires) {
    const problem = expires?.problem ?? 'it has no body'
    throw new ProbeFailure(
      'body',
      problem === 'it is missing'
        ? `the registry does not say when ${domain} expires: the answer of ${service.host} has no event "expiration"`
        : `the answer of ${service.host} cannot be used: ${problem}`,
    )
  }
  if (name && 'value' in name && name.value.toLowerCase().replace(/\.$/, '') !== domain)
    throw new ProbeFailure(
      'body',
      `the answer of ${service.host} is not about ${domain}, but about another domain`,
    )
  const expiresAt = timestamp.test(expires.value) ? Date.parse(expires.value) / 1000 : NaN
  if (Number.isNaN(expiresAt))
    throw new ProbeFailure('body', `the answer of ${service.host} has an expiration date that cannot be read`)
  return { expiresAt, ...(registrar && 'value' in registrar && { registrar: registrar.value }) }
}

function explained(
  { reason, message }: Failure,
  status: number | undefined,
  domain: string,
  { host }: URL,
): ProbeFailure {
  if (reason === 'status' && status === 404)
    return new ProbeFailure(
      reason,
      `${host} knows no ${domain} (404): it is not registered, or it is a name below the one that is`,
    )
  if (reason === 'status' && status === 429)
    return new ProbeFailure(reason, `${host} is asked too often (429): make the interval longer`)
  return new ProbeFailure(reason, reason === 'timeout' ? message : `no answer from ${host}: ${message}`)
}

function judge({ expiresAt }: DomainResult, { domain }: DomainCheck, now: Date): Failure | undefined {
  if (expiresAt * 1000 > now.getTime()) return undefined
  return { reason: 'body', message: `${domain} expired on ${new Date(expiresAt * 1000).toISOString()}` }
}
