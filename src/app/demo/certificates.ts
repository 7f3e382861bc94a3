import {
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly subject: string
  readonly privateKey: KeyObject
}

export interface CertificateOptions {
  /** The common name of the subject. */
  readonly name: string
  /** DNS names it is for. */
  readonly dns?: readonly string[]
  /** IPv4 addresses it is for. */
  readonly ip?: readonly string[]
  /** Default: an hour ago. */
  readonly notBefore?: Date
  /** Default: a day after the tests began, the same for all. */
  readonly notAfter?: Date
  /** Default: itself. */
  readonly issuer?: Certificate
  readonly isAuthority?: boolean
  /** Of the issuer's signature. Default: SHA-256. */
  readonly hash?: 'sha1' | 'sha256'
  /** An RSA key of so many bits. Default: a P-256 key. */
  readonly rsaBits?: number
}

const hourMs = 3_600_000
const inADay = new Date(Date.now() + 24 * hourMs)

/** Makes an X.509 certificate (RFC 5280), now: fixtures would expire. */
export function createCertificate(options: CertificateOptions): Certificate {
  const { name, issuer, notBefore = new Date(Date.now() - hourMs), hash = 'sha256' } = options
  const notAfter = options.notAfter ?? inADay
  const { privateKey, publicKey } = keyPair(options.rsaBits)
  const algorithm = signatures[hash]
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.subject ?? name),
    sequence(time(notBefore), time(notAfter)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, extensions(options)),
  )
  const signature = sign(hash, toBeSigned, issuer?.privateKey ?? privateKey)
  const der = sequence(toBeSigned, algorithm, element(0x03, Buffer.from([0]), signature))
  return {
    cert: pem('CERTIFICATE', der),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    subject: name,
    privateKey,
  }
}

/** DER (X.690): a tag, the length, the content. */
function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag, ...length(body.length)]), body])
}

/** In as few bytes as it takes: Go refuses any other form. */
function length(size: number): number[] {
  if (size < 0x80) return [size]
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
}

function sequence(...content: Uint8Array[]): Buffer {
  return element(0x30, ...content)
}

function explicit(number: number, content: Uint8Array): Buffer {
  return element(0xa0 + number, content)
}

function integer(bytes: Uint8Array): Buffer {
  return element(0x02, bytes)
}

function objectId(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

/** ECDSA: 1.2.840.10045.4.1 and 1.2.840.10045.4.3.2. */
const signatures = {
  sha1: sequence(objectId('2a8648ce3d0401')),
  sha256: sequence(objectId('2a8648ce3d040302')),
} as const

function keyPair(rsaBits: number | undefined): KeyPairKeyObjectResult {
  return rsaBits === undefined
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: rsaBits })
}

/** A common name (2.5.4.3) and nothing else. */
function distinguishedName(name: string): Buffer {
  return sequence(element(0x31, sequence(objectId('550403'), element(0x0c, Buffer.from(name)))))
}

/** GeneralizedTime. */
function time(date: Date): Buffer {
  return element(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))
}

function extensions({ dns = [], ip = [], isAuthority = false }: CertificateOptions): Buffer {
  const names = [
    ...dns.map((name) => element(0x82, Buffer.from(name))),
    ...ip.map((address) => element(0x87, Buffer.from(address.split('.').map(Number)))),
  ]
  const basicConstraints = sequence(...(isAuthority ? [element(0x01, Buffer.from([0xff]))] : []))
  return sequence(
    extension('551d13', basicConstraints),
    ...(names.length > 0 ? [extension('551d11', sequence(...names))] : []),
  )
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(objectId(id), element(0x04, value))
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
