import type { CertificateInfo } from './result.ts'
import { ProbeFailure } from '../failure.ts'
import { nameOnlyInCommonName } from './identity.ts'

export interface Verification {
  /** What Node.js or OpenSSL calls the problem, such as `CERT_HAS_EXPIRED`. */
  readonly code: string
  /** The name or the address that was asked for. */
  readonly host: string
  /** As it was sent, the leaf first. */
  readonly chain: readonly CertificateInfo[]
  /** The DNS names that the leaf is for; its addresses where there is none. */
  readonly names: readonly string[]
  /** What is too weak about it, or about one that it depends on. */
  readonly weakness?: string | undefined
  /** Unix time in seconds. */
  readonly now: number
}

/** Says in a person's words why a certificate did not verify, with the dates and names that show it. */
export function certificateFailure(verification: Verification): ProbeFailure {
  const describe = problems[verification.code] ?? unknownProblem
  return new ProbeFailure('certificate', describe(verification))
}

const problems: Readonly<Record<string, (verification: Verification) => string>> = {
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: notYetValid,
  ERR_TLS_CERT_ALTNAME_INVALID: wrongHost,
  [nameOnlyInCommonName]: onlyInCommonName,
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ host }) => `the certificate of ${host} is self-signed`,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
}

function expired({ host, chain, now }: Verification): string {
  const certificate = chain.find(({ notAfter }) => notAfter < now)
  if (!certificate) return `a certificate that ${host} depends on has expired`
  const ago = span(now - certificate.notAfter)
  return `${subject(certificate, host, chain)} expired on ${date(certificate.notAfter)}, ${ago} ago`
}

function notYetValid({ host, chain, now }: Verification): string {
  const certificate = chain.find(({ notBefore }) => notBefore > now)
  if (!certificate) return `a certificate that ${host} depends on is not valid yet`
  const until = span(certificate.notBefore - now)
  return `${subject(certificate, host, chain)} is valid only from ${date(certificate.notBefore)}, in ${until}`
}

function wrongHost({ host, chain, names }: Verification): string {
  const shown = names.slice(0, 3).map(short)
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
  const owner = shown.length > 0 ? shown.join(', ') + more : short(chain[0]?.subject ?? 'nobody')
  return `the certificate is not for ${host}, but for ${owner}`
}

function onlyInCommonName({ host }: Verification): string {
  return `the certificate names ${host} only as its common name, which clients ignore: subjectAltName must have it`
}

function unknownAuthority({ host, chain }: Verification): string {
  const issuer = short(chain.at(-1)?.issuer ?? 'nobody')
  if (chain.length > 1) return `the certificates of ${host} lead to "${issuer}", which is not trusted`
  return (
    `the certificate of ${host} is signed by "${issuer}", which is not trusted, and the server sent no certificate for it: ` +
    'an intermediate is missing, or the authority is a private one'
  )
}

function unknownProblem({ host, code, weakness }: Verification): string {
  if (weakness !== undefined) return `${weakness}, which is too weak: tls.legacy: true accepts it`
  return `the certificate of ${host} is not valid (${code})`
}

function subject(certificate: CertificateInfo, host: string, chain: readonly CertificateInfo[]): string {
  if (certificate === chain[0]) return `the certificate of ${host}`
  return `the certificate of the authority "${short(certificate.subject)}", which ${host} depends on,`
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function span(seconds: number): string {
  const [amount, unit] =
    seconds < 7200
      ? [seconds / 60, 'minute']
      : seconds < 172_800
        ? [seconds / 3600, 'hour']
        : [seconds / 86_400, 'day']
  const count = Math.max(1, Math.round(amount))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The peer writes its own certificate. */
function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
