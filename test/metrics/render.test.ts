import { describe, expect, it } from 'vitest'
import { renderProbe } from '../../src/metrics/render.ts'
import { aResult, aTarget } from '../support/target.ts'

const series = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const leaf = {
  subject: 'CN=a',
  issuer: 'CN="Evil \\ CA"\nprobe_success 1',
  subjectAlternative: 'a.example,' + 'b'.repeat(1000),
  serialNumber: '0a',
  fingerprintSha256: 'ff',
  notBefore: 0,
  notAfter: 1_800_000_000,
}

describe('renderProbe', () => {
  it('writes a successful HTTP probe with every threshold of its target', () => {
    expect(series(renderProbe({ target: aTarget(), result: aResult(), timeoutSeconds: 9.5 }))).toEqual([
      'probe_success 1',
      'probe_duration_seconds 0.125',
      'probe_timeout_seconds 9.5',
      'probe_check_timestamp_seconds 1795176000.25',
      'probe_target_interval_seconds 30',
      'probe_target_alert_after_seconds 75',
      'probe_target_max_latency_seconds 1',
      'probe_target_max_error_ratio 0.05',
      'probe_target_slo_ratio 0.95',
      'probe_target_min_certificate_seconds 1209600',
      'probe_dns_lookup_time_seconds 0.002',
      'probe_ip_protocol 4',
      'probe_ip_addr_hash 3668918509',
      'probe_http_duration_seconds{phase="resolve"} 0.002',
      'probe_http_duration_seconds{phase="connect"} 0.003',
      'probe_http_duration_seconds{phase="tls"} 0',
      'probe_http_duration_seconds{phase="processing"} 0.1',
      'probe_http_duration_seconds{phase="transfer"} 0.02',
      'probe_http_status_code 200',
      'probe_http_version 1.1',
      'probe_http_ssl 0',
      'probe_http_redirects 0',
      'probe_http_content_length -1',
      'probe_http_uncompressed_body_length 512',
      'probe_failed_due_to_regex 0',
    ])
  })

  it('writes zeros and the reason where nothing was reached', () => {
    const { startedAt } = aResult()
    const failure = { reason: 'dns', message: 'secret words that become no label' } as const
    const result = { startedAt, durationSeconds: 0.01, success: false, failure, phases: { resolve: 0.01 } }
    const text = renderProbe({ target: aTarget(), result, timeoutSeconds: 10 })
    expect(text).not.toContain('secret words')
    expect(series(text)).toEqual(
      expect.arrayContaining([
        'probe_success 0',
        'probe_failure_info{reason="dns"} 1',
        'probe_ip_protocol 0',
        'probe_ip_addr_hash 0',
        'probe_http_status_code 0',
        'probe_http_content_length 0',
        'probe_http_duration_seconds{phase="resolve"} 0.01',
      ]),
    )
    expect(text).not.toContain('phase="connect"')
  })

  it("keeps a certificate's own words inside their labels, and short", () => {
    const tls = {
      version: 'TLS 1.3',
      cipher: 'X',
      chain: [leaf],
      verified: false,
      earliestExpiry: 1_800_000_000,
    }
    const text = renderProbe({ target: aTarget(), result: aResult({ tls }), timeoutSeconds: 10 })
    expect(text).toContain('issuer="CN=\\"Evil \\\\ CA\\"\\nprobe_success 1"')
    expect(series(text).filter((line) => line.startsWith('probe_success'))).toEqual(['probe_success 1'])
    expect(text).toContain('probe_ssl_earliest_cert_expiry 1800000000')
    expect(text).not.toContain('probe_ssl_last_chain_expiry_timestamp_seconds')
    expect(Math.max(...series(text).map((line) => line.length))).toBeLessThan(700)
  })

  it('hashes an IPv6 address as blackbox_exporter does', () => {
    const result = aResult({ resolve: { durationSeconds: 0, address: '::1' } })
    const text = renderProbe({ target: aTarget(), result, timeoutSeconds: 10 })
    expect(series(text)).toEqual(
      expect.arrayContaining(['probe_ip_protocol 6', 'probe_ip_addr_hash 1751717746']),
    )
  })
})
