import type { Alert } from '../../alerts/alert.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { linksAnswer } from '../../web/api/silences.ts'
import { withActions } from './links.ts'

export interface AskLinksOptions {
  /** The exporter that knows the silences of Alertmanager. */
  readonly url: URL
  /** A token that the exporter wants. Default: it wants none. */
  readonly token?: () => Promise<string>
  /** Where people reach the pages of that exporter. */
  readonly externalUrl: URL
  readonly log: Pick<Logger, 'debug' | 'warn'>
  /** Milliseconds for the answer: a message must not wait for an exporter that is away. Default 2 s. */
  readonly patienceMs?: number
}

/** Alerts that one question is about. */
const maxAlerts = 100

/**
 * Asks the exporter for the links with which messages silence and acknowledge. Only it has the key, and follows them. Whatever goes
 * wrong, messages have no such links: they still lead to the page of the target.
 *
 * @returns What asks about alerts; its answer adds the links to each of them.
 */
export function askLinks({ url, token, externalUrl, log, patienceMs = 2000 }: AskLinksOptions) {
  const address = `${url.href.replace(/\/+$/, '')}/api/v1/silences/links`
  let isRefused = false

  async function ask(
    alerts: readonly Alert[],
  ): Promise<ReadonlyMap<string, Parameters<typeof withActions>[1]>> {
    const response = await fetch(address, {
      method: 'POST',
      signal: AbortSignal.timeout(patienceMs),
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body: JSON.stringify({
        alerts: alerts.map(({ fingerprint, startsAt }) => ({
          fingerprint,
          startsAt: startsAt.toISOString(),
        })),
      }),
    })
    const isTokenWrong = response.status === 401 || response.status === 403
    if (isTokenWrong && !isRefused)
      log.warn(
        `messages have no links that silence: the exporter answered ${response.status}; its token needs the scope silence (--exporter.token-file)`,
      )
    isRefused = isTokenWrong
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the exporter answered ${response.status}`)
    }
    const { links } = linksAnswer.parse(await response.json())
    return new Map(links.map((link) => [link.fingerprint, link]))
  }

  return async (alerts: readonly Alert[]): Promise<(alert: Alert) => Alert> => {
    const firing = alerts.filter(({ status }) => status === 'firing').slice(0, maxAlerts)
    if (firing.length === 0) return (alert) => alert
    try {
      const links = await ask(firing)
      return (alert) => {
        const link = alert.status === 'firing' ? links.get(alert.fingerprint) : undefined
        return link ? withActions(alert, link, externalUrl) : alert
      }
    } catch (error) {
      log.debug({ error: messageOf(error) }, 'the exporter made no links that silence')
      return (alert) => alert
    }
  }
}
