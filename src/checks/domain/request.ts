import type { ProbeContext } from '../../net/attempt.ts'
import type { HttpProber } from '../http/probe.ts'
import { askJson, type Answer } from '../shared/ask-json.ts'
import type { DomainCheck } from './schema.ts'

/** Bytes of an answer that are accepted. The list of IANA has 120 KiB, the answer of a registry a few. */
const maxBody = 2 * 1024 * 1024

/** A request of RDAP, over the connection settings of the check. @param paths What is wanted of the answer. */
export async function ask(
  url: URL,
  paths: readonly string[],
  { credentials, ipProtocol, ipProtocolFallback, proxy, tls }: Omit<DomainCheck, 'server'>,
  context: ProbeContext,
  probe: HttpProber,
): Promise<Answer> {
  const request = {
    url,
    // RFC 7480, section 4.2.
    accept: 'application/rdap+json, application/json',
    // Registries redirect to one another: RFC 7480, section 5.2.
    followRedirects: true,
    maxBody,
    ...(credentials && { credentials }),
    ipProtocol,
    ipProtocolFallback,
    ...(proxy && { proxy }),
    tls,
  }
  return askJson(request, paths, context, probe)
}
