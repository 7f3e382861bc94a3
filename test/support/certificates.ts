import { createHash } from 'node:crypto'

export { createCertificate, type Certificate } from '../../src/app/demo/certificates.ts'

/** Lower-case hex of the SHA-256 of a PEM certificate's DER form. */
export function fingerprint(cert: string): string {
  const der = Buffer.from(cert.replace(/-----[^-]+-----/g, ''), 'base64')
  return createHash('sha256').update(der).digest('hex')
}
