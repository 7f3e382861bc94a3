import type { Config } from '../config/config.ts'
import { ProbityError } from '../lib/errors.ts'

/** URLs that are not configured are remembered for this many of them. */
export const maxAdHocTargets = 1000

/**
 * Refuses a URL that is not configured unless `probe.allow` covers it: an exporter that fetches any URL for anyone is an
 * open proxy.
 *
 * @throws ProbityError `TARGET_UNKNOWN`, `TARGET_NOT_ALLOWED` or `MODULE_NOT_APPLICABLE`.
 */
export function assertAllowed(url: string, module: string | undefined, config: Config): void {
  const { allow } = config.probe
  const forms = requested(url)
  if (allow.some(({ regex }) => forms.some((form) => regex.matcher(form).matches()))) return
  const shown = withoutSecrets(url)
  if (config.target(url)) {
    throw new ProbityError(
      'MODULE_NOT_APPLICABLE',
      `target "${shown}" is configured, with its own expectations: leave out module=${String(module)}`,
    )
  }
  if (allow.length > 0 && URL.canParse(url)) {
    throw new ProbityError('TARGET_NOT_ALLOWED', `target "${shown}" matches no pattern of probe.allow`)
  }
  throw new ProbityError(
    'TARGET_UNKNOWN',
    `unknown target "${shown}": add it to the targets of the configuration, or allow its URL under probe.allow`,
  )
}

const webUrl = /^\s*(?:https?|wss?):/i

/**
 * What patterns are matched against: a URL as it will be requested, so that no odd way to write one passes for another. A pattern
 * may leave out the slash after the host.
 */
function requested(target: string): readonly string[] {
  if (!webUrl.test(target)) return [target]
  if (!URL.canParse(target)) return []
  const url = new URL(target)
  url.hash = ''
  return url.pathname === '/' && url.search === '' ? [url.href, url.href.slice(0, -1)] : [url.href]
}

function withoutSecrets(target: string): string {
  if (!URL.canParse(target)) return target.slice(0, 200)
  const url = new URL(target)
  url.username = url.password = url.search = url.hash = ''
  return url.href.slice(0, 200)
}
