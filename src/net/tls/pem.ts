import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { codeOf } from '../../lib/errors.ts'
import { readSecretFile, reasonOf } from '../../settings/secrets.ts'
import { asText, seen, ValueError } from '../../settings/values/value.ts'

/** PEM (RFC 7468): text of the configuration, or a file that is read again when it changes. */
export type Pem = { readonly text: string } | { readonly file: string }

/** What is wrong with a PEM, for a person. */
export type PemCheck = (text: string) => void

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * The certificates of a PEM, each in PEM form; anything between them is a comment.
 *
 * @throws ValueError when there is none, or one that is damaged.
 */
export function certificatesOf(text: string): string[] {
  const blocks = text.match(certificateBlock) ?? []
  if (blocks.length === 0) {
    throw new ValueError(
      'does not contain a certificate in PEM form: expected text with -----BEGIN CERTIFICATE-----',
    )
  }
  const damaged = blocks.findIndex((block) => !isCertificate(block))
  if (damaged !== -1) {
    const which = blocks.length === 1 ? 'the certificate' : `certificate ${damaged + 1} of ${blocks.length}`
    throw new ValueError(`${which} is damaged: it cannot be read`)
  }
  return blocks
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

/** @throws ValueError when a PEM holds no private key that can be used. */
export function checkKey(text: string): void {
  try {
    createPrivateKey(text)
  } catch (error) {
    throw new ValueError(
      codeOf(error) === 'ERR_MISSING_PASSPHRASE' || text.includes('ENCRYPTED')
        ? 'is encrypted: expected a private key without a passphrase'
        : 'does not contain a private key in PEM form: expected text with -----BEGIN PRIVATE KEY-----',
    )
  }
}

/** @throws ValueError when a private key belongs to another certificate than the first of `cert`. */
export function checkPair(cert: string, key: string): void {
  const [leaf = ''] = certificatesOf(cert)
  if (!new X509Certificate(leaf).checkPrivateKey(createPrivateKey(key))) {
    throw new ValueError('is not the key of the certificate (the first one in cert: is the one it must fit)')
  }
}

/** The text of a PEM. @throws Error when its file cannot be read. */
export function pemText(pem: Pem): string {
  return 'text' in pem ? pem.text : readSecretFile(pem.file)
}

/** Reads PEM text. */
export function readPem(check: PemCheck): (input: unknown) => Pem {
  return (input) => {
    const text = asText(input)
    check(text)
    return { text }
  }
}

/** Reads the path of a PEM file, which has to be there and sound. */
export function readPemFile(check: PemCheck): (input: unknown) => Pem {
  return (input) => {
    const file = asText(input)
    if (!isAbsolute(file)) {
      throw new ValueError(
        `${seen} is not an absolute path: write one, or put the file's content in with \${file:...}, which starts from the configuration`,
      )
    }
    let text: string
    try {
      text = readSecretFile(file)
    } catch (error) {
      throw new ValueError(`the file cannot be read: ${reasonOf(error)}`)
    }
    check(text)
    return { file }
  }
}
