import type { ProbeContext } from '../../net/attempt.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { HttpProber } from '../http/probe.ts'
import { ask } from './request.ts'
import type { DomainCheck } from './schema.ts'

/** Which RDAP service knows which domains: RFC 9224. */
export const ianaList = new URL('https://data.iana.org/rdap/dns.json')

/** Milliseconds for which a service is used without another look at the list, which changes a few times a month. */
const lifetimeMs = 86_400_000

/** Domains below which others are registered that are remembered; there are about 1,500 at the top level. */
const maxKnown = 2000

/** Remembers which service knows the names below a domain, such as `com`. */
export class Services {
  readonly #known = new Map<string, { readonly url: URL; readonly at: number }>()
  readonly #list: URL

  /** @param list Where the list is. */
  constructor(list: URL) {
    this.#list = list
  }

  /**
   * The base URL of the service that knows a domain. One that is known already is used on if the list cannot be read.
   *
   * @param now Milliseconds since 1970.
   * @throws ProbeFailure for the reasons of any request, `body` for a list without such a service.
   */
  async serviceOf(check: DomainCheck, now: number, context: ProbeContext, probe: HttpProber): Promise<URL> {
    const parent = check.domain.slice(check.domain.indexOf('.') + 1)
    const known = this.#known.get(parent)
    if (known && now - known.at < lifetimeMs && now >= known.at) return known.url
    try {
      const url = await this.#lookUp(check, context, probe)
      this.#known.delete(parent)
      this.#known.set(parent, { url, at: now })
      for (const oldest of this.#known.keys()) {
        if (this.#known.size <= maxKnown) break
        this.#known.delete(oldest)
      }
      return url
    } catch (error) {
      if (!(error instanceof ProbeFailure) || !known || context.signal.aborted) throw error
      context.log.add('the list of services cannot be read, the known service is used', {
        problem: error.message,
      })
      return known.url
    }
  }

  async #lookUp(check: DomainCheck, context: ProbeContext, probe: HttpProber): Promise<URL> {
    const labels = check.domain.split('.')
    // The longest name that is listed counts: RFC 9224, section 4. The names are made of letters, digits and hyphens.
    const names = labels.map((_, index) => labels.slice(index).join('.'))
    const paths = names.map((name) => `$.services[?@[0][?@ == '${name}']][1][*]`)
    // What the server of a registry is asked with is not for IANA.
    const { credentials: _credentials, ...open } = check
    const { result, found } = await ask(this.#list, paths, open, context, probe)
    const { failure } = result
    if (failure)
      throw new ProbeFailure(failure.reason, `the list of RDAP services cannot be read: ${failure.message}`)
    const value = found.flatMap((one) => ('value' in one ? [one.value] : []))[0]
    const problem = found.flatMap((one) => ('problem' in one ? [one.problem] : [])).at(-1)
    if (value === undefined)
      throw new ProbeFailure(
        'body',
        problem === 'it is missing'
          ? `IANA lists no RDAP service for .${labels.at(-1) ?? ''}: if the registry has one, write it as rdap_server:`
          : `the list of RDAP services cannot be used: ${problem ?? 'it is empty'}`,
      )
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value))
      throw new ProbeFailure('body', 'the list of RDAP services has something else than a URL')
    context.log.add('RDAP service found', { url: value })
    return new URL(value)
  }
}
