import type { TLSSocket } from 'node:tls'
import type { TlsSettings } from '../web-config/web-config.ts'

const verifying: readonly TlsSettings['clientAuth'][] = [
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
]
const requiring: readonly TlsSettings['clientAuth'][] = ['RequireAnyClientCert', 'RequireAndVerifyClientCert']

/** Whether certificates of clients say who they are. */
export function verifiesCertificates({ clientAuth }: TlsSettings): boolean {
  return verifying.includes(clientAuth)
}

/** Whether a connection may go on, by the certificate that the client has shown or not. */
export function admits(socket: TLSSocket, settings: TlsSettings): boolean {
  if (!hasCertificate(socket)) return !requiring.includes(settings.clientAuth)
  if (!verifiesCertificates(settings)) return true
  if (!socket.authorized) return false
  return (
    settings.allowedNames.length === 0 || namesOf(socket).some((name) => settings.allowedNames.includes(name))
  )
}

/** The name in a certificate that was verified; undefined if the client has shown none. */
export function certificateOf(socket: TLSSocket, settings: TlsSettings): string | undefined {
  if (!verifiesCertificates(settings) || !hasCertificate(socket) || !admits(socket, settings))
    return undefined
  const { subject } = socket.getPeerCertificate()
  const name: string | string[] | undefined = subject.CN
  return [name ?? []].flat()[0] ?? namesOf(socket)[0] ?? 'a client certificate'
}

function hasCertificate(socket: TLSSocket): boolean {
  return Object.keys(socket.getPeerCertificate()).length > 0
}

/** Its alternative names, of every kind. */
function namesOf(socket: TLSSocket): string[] {
  const { subjectaltname = '' } = socket.getPeerCertificate()
  return subjectaltname.split(', ').map((name) => name.replace(/^[A-Za-z ]+:/, ''))
}
