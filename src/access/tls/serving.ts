import type { ServingTls } from '../../lib/http/serving-tls.ts'
import type { RunningWebConfig } from '../web-config/running.ts'
import type { TlsSettings } from '../web-config/web-config.ts'
import { admits } from './certificate.ts'

/** How a server speaks TLS by a web configuration; undefined where it does not. A restart is needed to change whether. */
export function servingTls({
  current,
  onChange,
}: Pick<RunningWebConfig, 'current' | 'onChange'>): ServingTls | undefined {
  const first = current().tls
  if (!first) return undefined
  const settings = (): TlsSettings => current().tls ?? first
  return {
    context: () => settings().context,
    asksForCertificates: first.clientAuth !== 'NoClientCert',
    admits: (socket) => admits(socket, settings()),
    onChange,
  }
}
