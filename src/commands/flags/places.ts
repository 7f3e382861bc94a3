import type { Places } from '../../alerts/evidence/links.ts'
import { parseExternalUrl } from '../../lib/http/url.ts'
import type { Environment } from '../../settings/secrets.ts'
import { argument, flag } from './flags.ts'

/** `--web.external-url`, with what it is for. */
export const externalUrlFlag = (description: string) =>
  flag('--web.external-url <url>', description)
    .argParser(argument(parseExternalUrl))
    .default(undefined, 'none')

/** `--alertmanager.url`, with what it is for. */
export const alertmanagerUrlFlag = (description: string) =>
  flag('--alertmanager.url <url>', description)
    .argParser(argument(parseExternalUrl))
    .default(undefined, 'none')

/**
 * Where messages link to: what the flag says, and Grafana at `GRAFANA_URL`.
 *
 * @throws ProbityError `URL_INVALID`.
 */
export function placesOf(flags: { readonly 'web.externalUrl'?: URL | undefined }, env: Environment): Places {
  const externalUrl = flags['web.externalUrl']
  const grafana = env['GRAFANA_URL'] ?? ''
  return {
    ...(externalUrl && { externalUrl }),
    ...(grafana !== '' && { grafanaUrl: parseExternalUrl(grafana) }),
  }
}
