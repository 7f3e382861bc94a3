import { isIP } from 'node:net'
import type { z } from 'zod'
import { flag, word } from '../../settings/values/scalars.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { asText, keys, seen, value, ValueError, type JsonSchema } from '../../settings/values/value.ts'
import {
  certificatesOf,
  checkKey,
  checkPair,
  pemText,
  readPem,
  readPemFile,
  type Pem,
  type PemCheck,
} from './pem.ts'
import { systemAuthorities } from './system-authorities.ts'

export const tlsVersions = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const

/** As Prometheus writes them. */
export type TlsVersion = (typeof tlsVersions)[number]

/** How TLS is spoken to a target, whatever its kind. */
export interface TlsSettings {
  /** Whether a certificate that does not verify is a failure. */
  readonly verify: boolean
  /** The authorities to trust instead of those that Node.js does. */
  readonly ca?: Pem
  /** The client's certificate, its chain after it. Only together with `key`. */
  readonly cert?: Pem
  readonly key?: Pem
  /** The name to ask for (SNI) and to verify. Absent: the host's. */
  readonly serverName?: string
  /** Absent: see {@link offeredVersions}. */
  readonly minVersion?: TlsVersion
  /** Absent: the newest that there is. */
  readonly maxVersion?: TlsVersion
  /** Whether what only old servers do is accepted. Absent: if TLS 1.0 or 1.1 is. */
  readonly legacy?: boolean
}

type Versions = Pick<TlsSettings, 'minVersion' | 'maxVersion' | 'legacy'>

/** The versions that are offered: from TLS 1.2 on, unless something says that the peer is old. */
export function offeredVersions({ minVersion, maxVersion = 'TLS13', legacy = false }: Versions): {
  readonly oldest: TlsVersion
  readonly newest: TlsVersion
} {
  const oldest = minVersion ?? (legacy || isOld(maxVersion) ? 'TLS10' : 'TLS12')
  return { oldest, newest: maxVersion }
}

/** Whether what only old servers do is accepted: legacy renegotiation, short keys, and SHA-1. */
export function acceptsLegacy(versions: Versions): boolean {
  return versions.legacy ?? isOld(offeredVersions(versions).oldest)
}

function isOld(version: TlsVersion): boolean {
  return version === 'TLS10' || version === 'TLS11'
}

const textJson: JsonSchema = { type: 'string' }

/** The two keys that a PEM may stand under. */
function pair(check: PemCheck): readonly [z.ZodType<Pem>, z.ZodType<Pem>] {
  return [value(readPem(check), textJson), value(readPemFile(check), textJson)]
}

function readServerName(input: unknown): string {
  const name = asText(input).replace(/\.$/, '')
  if (!/^[A-Za-z0-9_.-]{1,253}$/.test(name) || isIP(name) !== 0) {
    throw new ValueError(
      `${seen} is not a valid host name: expected one such as api.example.com, without a port`,
    )
  }
  return name
}

const [, caFile] = pair(certificatesOf)
const ca = value(
  (input): Pem => (input === 'system' ? systemAuthorities() : readPem(certificatesOf)(input)),
  textJson,
)
const [cert, certFile] = pair(certificatesOf)
const [key, keyFile] = pair(checkKey)

const shape = {
  verify: flag.optional().describe('Whether the certificate must be valid for the host. Default: `true`.'),
  ca: ca
    .optional()
    .describe(
      'The authorities to trust: as PEM text, usually `${file:ca.pem}`, or `system` for those of this machine. Default: those of Node.js.',
    ),
  ca_file: caFile
    .optional()
    .describe('The same, as the absolute path of a file that is read again when it changes.'),
  cert: cert
    .optional()
    .describe('The client certificate (mTLS), followed by its chain, as PEM text. Default: none.'),
  cert_file: certFile
    .optional()
    .describe(
      'The same, as the absolute path of a file. While the new certificate and the new key do not match yet, the old pair is used.',
    ),
  key: key
    .optional()
    .describe(
      'The private key of that certificate, without a passphrase, as PEM text. Never shown. Default: none.',
    ),
  key_file: keyFile.optional().describe('The same, as the absolute path of a file.'),
  server_name: value(readServerName, {
    type: 'string',
    description: 'The name to ask for (SNI) and to verify. Default: the host of the target.',
  }).optional(),
  min_version: word(tlsVersions)
    .optional()
    .describe(
      'The oldest version that is accepted. Default: `TLS12`; `TLS10` with `legacy: true` or an older `max_version`.',
    ),
  max_version: word(tlsVersions)
    .optional()
    .describe('The newest version that is offered, to check a server with an old one. Default: `TLS13`.'),
  legacy: flag
    .optional()
    .describe(
      'Whether to accept what only old servers use: legacy renegotiation, short keys, SHA-1. Default: `true` if TLS 1.0 or 1.1 is accepted, else `false`.',
    ),
}

type Written = z.output<z.ZodObject<typeof shape>>

/** What is wrong with keys that depend on each other: the key at fault, and the words. */
function* contradictions(written: Written): Generator<readonly [keyof Written, string]> {
  for (const name of ['ca', 'cert', 'key'] as const) {
    if (written[name] && written[`${name}_file`])
      yield [`${name}_file`, `${name}: is set too: keep one of them`]
  }
  const { min_version: min, max_version: max } = written
  if (min && max && max < min) yield ['max_version', `is older than min_version: ${min}`]
  const certAt = written.cert ? 'cert' : 'cert_file'
  const keyAt = written.key ? 'key' : 'key_file'
  const [certPem, keyPem] = [written[certAt], written[keyAt]]
  if (certPem && !keyPem) yield [certAt, 'needs its key: write key: or key_file: too']
  if (keyPem && !certPem) yield [keyAt, 'needs its certificate: write cert: or cert_file: too']
  if (!certPem || !keyPem) return
  try {
    checkPair(pemText(certPem), pemText(keyPem))
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    yield [keyAt, error.message]
  }
}

/** The `tls:` of a target: shared by every kind that speaks TLS. */
export const tlsSettings = keys(shape)
  .superRefine((written, context) => {
    for (const [name, message] of contradictions(written)) {
      context.addIssue({ code: 'custom', message, path: [name] })
    }
  })
  .transform((written): TlsSettings => {
    const [caPem, certPem, keyPem] = [
      written.ca ?? written.ca_file,
      written.cert ?? written.cert_file,
      written.key ?? written.key_file,
    ]
    const { verify = true, legacy, server_name: serverName } = written
    const { min_version: minVersion, max_version: maxVersion } = written
    return {
      verify,
      ...(caPem && { ca: caPem }),
      ...(certPem && { cert: certPem }),
      ...(keyPem && { key: keyPem }),
      ...(serverName !== undefined && { serverName }),
      ...(minVersion && { minVersion }),
      ...(maxVersion && { maxVersion }),
      ...(legacy !== undefined && { legacy }),
    }
  })

/** What may be shown of a `tls:`, as it was written: everything but a private key. */
export function concealTls(
  written: unknown,
  expand: (text: string) => Expanded,
  secrets: Set<string>,
): unknown {
  if (typeof written !== 'object' || written === null || !('key' in written)) return written
  const { key: privateKey } = written
  if (typeof privateKey !== 'string') return written
  secrets.add(expand(privateKey).value)
  return /^\$\{(?:file:[^}]+|[A-Za-z_]\w*)\}$/.test(privateKey) ? written : { ...written, key: '<secret>' }
}
