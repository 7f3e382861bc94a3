import type { CertificateInfo } from '../../../net/tls/result.ts'
import { maybe, type Checked, type ProbeMetric, type Sample } from '../../metric.ts'

/**
 * What was seen of the peer's TLS. Present whenever a certificate was seen, also when its verification failed: an expired
 * certificate must not hide its own expiry.
 */
export const tlsMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_ssl_earliest_cert_expiry',
    'Returns earliest SSL cert expiry in unixtime',
    ({ result }) => (result.tls?.chain.length ? [result.tls.earliestExpiry] : []),
    { unit: 'seconds' },
  ),
  maybe(
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'Returns last SSL chain expiry in timestamp',
    ({ result }) => (result.tls?.lastChainExpiry === undefined ? [] : [result.tls.lastChainExpiry]),
    { unit: 'seconds' },
  ),
  maybe('probe_ssl_last_chain_info', 'Contains SSL leaf certificate information', leafInfo, {
    labels: ['fingerprint_sha256', 'issuer', 'serialnumber', 'subject', 'subjectalternative'],
  }),
  maybe(
    'probe_tls_version_info',
    'Returns the TLS version used or NaN when unknown',
    ({ result }) => (result.tls?.version ? [{ labels: { version: result.tls.version }, value: 1 }] : []),
    { labels: ['version'] },
  ),
  maybe(
    'probe_tls_cipher_info',
    'Returns the TLS cipher negotiated during handshake',
    ({ result }) => (result.tls?.cipher ? [{ labels: { cipher: result.tls.cipher }, value: 1 }] : []),
    { labels: ['cipher'] },
  ),
]

/** The peer writes its own certificate, so what becomes a label is cut. */
const maxLabelLength = 256

/** A certificate is seen again and again: nearly every probe finds the one of the probe before. */
const leafSamples = new WeakMap<CertificateInfo, readonly Sample[]>()

function leafInfo({ result }: Checked): readonly Sample[] {
  const leaf = result.tls?.chain[0]
  if (leaf === undefined) return []
  const samples = leafSamples.get(leaf) ?? [{ labels: leafLabels(leaf), value: 1 }]
  leafSamples.set(leaf, samples)
  return samples
}

function leafLabels(leaf: CertificateInfo): Record<string, string> {
  const labels = {
    fingerprint_sha256: leaf.fingerprintSha256,
    issuer: leaf.issuer,
    serialnumber: leaf.serialNumber,
    subject: leaf.subject,
    subjectalternative: leaf.subjectAlternative,
  }
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.slice(0, maxLabelLength)]),
  )
}
