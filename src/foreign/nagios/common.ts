import { limitOf, type CheckLine } from './line.ts'

/** Seconds that a plugin takes at most. */
const usualTimeout = 10

/**
 * Sets how long a check may take: a plugin that is slower than its critical limit fails, and one that is slower than its
 * warning limit is slow.
 *
 * @param seconds What one of its limits counts. Default: one second.
 */
export function setTimes(line: CheckLine, seconds = 1): void {
  const timeout = Number(/^\d+/.exec(line.text('t') ?? '')?.[0] ?? usualTimeout) || usualTimeout
  const [warning, critical] = ['w', 'c'].map((key) => limitOf(line.text(key)))
  line.setSeconds(['timeout'], critical === undefined ? timeout : Math.min(timeout, critical * seconds))
  line.set(['expect', 'max_latency'], 'off')
  line.setSeconds(['expect', 'max_latency'], warning === undefined ? undefined : warning * seconds)
}

export function setIpProtocol(line: CheckLine): void {
  for (const version of ['4', '6'])
    if (line.has(version)) {
      line.set(['ip_protocol'], `ip${version}`)
      line.set(['ip_protocol_fallback'], false)
    }
}

/** Sets how long a certificate must be valid: `30` or `30,14`, of which the first is the warning. */
export function setCertificateDays(line: CheckLine, text: string): void {
  const [days = 0, critical] = text.split(',').map(Number)
  if (days > 0) line.set(['expect', 'certificate_days'], days)
  if (critical !== undefined) line.note('-C', 'CertificateExpiring has one limit: the first is used')
  line.set(['tls', 'verify'], false)
  setTimes(line)
  setIpProtocol(line)
  line.has('sni')
  line.has('S')
}
