import { existsSync } from 'node:fs'
import { ValueError } from '../../settings/values/value.ts'
import type { Pem } from './pem.ts'

/** Where systems keep the authorities that they trust, in one file. As in Go, crypto/x509/root_linux.go and root_bsd.go. */
export const bundlePaths = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/etc/ssl/cert.pem',
] as const

/**
 * The authorities that this machine trusts, whose file is read again when it changes.
 *
 * @param paths Looked at in this order. Default: those of Linux distributions, of BSD and of macOS.
 * @throws ValueError when none of them is there.
 */
export function systemAuthorities(paths: readonly string[] = bundlePaths): Pem {
  const file = paths.find((path) => existsSync(path))
  if (file !== undefined) return { file }
  throw new ValueError(`this machine has no file with authorities: looked for ${paths.join(', ')}`)
}
