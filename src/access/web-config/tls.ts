import { constants } from 'node:crypto'
import { resolve } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { messageOf } from '../../lib/errors.ts'
import { reasonOf } from '../../settings/secrets.ts'
import { defaultSuites, tls13Suites } from './ciphers.ts'
import type { WrittenWebConfig } from './schema.ts'
import type { TlsSettings } from './web-config.ts'

export interface TlsReading {
  /** What relative paths start from. */
  readonly directory: string
  readonly readFile: (path: string) => string
  /** Hears of each file that is read. */
  readonly onFile: (path: string) => void
  /** Hears of what is wrong with a key. */
  readonly report: (key: string, message: string) => void
}

const verifying = ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert']

/** Reads the files of `tls_server_config`. @returns Undefined where something is wrong, which is reported. */
export function readTls(
  written: NonNullable<WrittenWebConfig['tls_server_config']>,
  { directory, readFile, onFile, report }: TlsReading,
): TlsSettings | undefined {
  let problems = 0
  const problem = (key: string, message: string): void => {
    problems++
    report(key, message)
  }
  const read = (key: 'cert_file' | 'key_file' | 'client_ca_file'): string | undefined => {
    const name = written[key]
    if (name === undefined) return undefined
    const path = resolve(directory, name)
    onFile(path)
    try {
      const content = readFile(path)
      if (content.trim() !== '') return content
      problem(key, `${name} is empty`)
    } catch (error) {
      problem(key, `${name} cannot be read: ${reasonOf(error)}`)
    }
    return undefined
  }
  const [cert, key, ca] = [read('cert_file'), read('key_file'), read('client_ca_file')]
  const { client_auth_type: clientAuth, min_version: minVersion, max_version: maxVersion } = written
  const { cipher_suites: suites, curve_preferences: curves } = written
  if (minVersion > maxVersion) problem('min_version', 'is newer than max_version')
  if (verifying.includes(clientAuth) && written.client_ca_file === undefined)
    problem('client_auth_type', `${clientAuth} needs client_ca_file: whose certificates are accepted`)
  if (written.client_ca_file !== undefined && clientAuth === 'NoClientCert')
    problem('client_ca_file', 'has no effect without client_auth_type, such as RequireAndVerifyClientCert')
  if (written.client_allowed_sans.length > 0 && clientAuth !== 'RequireAndVerifyClientCert')
    problem('client_allowed_sans', 'needs client_auth_type: RequireAndVerifyClientCert')
  if (problems > 0 || cert === undefined || key === undefined) return undefined
  const context: SecureContextOptions = {
    cert,
    key,
    ...(ca !== undefined && { ca }),
    minVersion,
    maxVersion,
    ciphers: [...tls13Suites, ...(suites ?? defaultSuites)].join(':'),
    ...(curves && { ecdhCurve: curves.join(':') }),
    honorCipherOrder: written.prefer_server_cipher_suites,
    // Each renegotiation costs a handshake. A resumed session would go on after the certificate of a client has been revoked here.
    secureOptions:
      constants.SSL_OP_NO_RENEGOTIATION | (clientAuth === 'NoClientCert' ? 0 : constants.SSL_OP_NO_TICKET),
  }
  try {
    createSecureContext(context)
  } catch (error) {
    problem('cert_file', `the certificate and the key cannot be used: ${messageOf(error)}`)
    return undefined
  }
  return { context, clientAuth, allowedNames: written.client_allowed_sans }
}
