import { oneLine } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import { fitting, written } from '../shared/fitting.ts'
import { lookOf, type Level } from '../shared/look.ts'
import { plainMarkup } from '../shared/markup.ts'

/** By their numbers: RFC 5424, section 6.2.1. */
export const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const

/** Critical, warning, notice and informational. */
const severities: Readonly<Record<Level, number>> = {
  critical: 2,
  warning: 4,
  info: 6,
  resolved: 5,
  ended: 5,
  test: 6,
}

export interface SyslogOptions {
  readonly facility: (typeof facilities)[number]
  readonly hostname: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly maxBytes: number
}

/**
 * A message of syslog: RFC 5424. The number in the name of its data is the one for examples (RFC 5612), since Probity has none.
 * The text is one line of UTF-8, so that nothing in it can pass for another message.
 */
export function syslogMessage(
  notification: Notification,
  { facility, hostname, now, maxBytes }: SyslogOptions,
): Buffer {
  const { status, alertname, target, severity, fingerprint, test } = notification
  const priority = facilities.indexOf(facility) * 8 + severities[lookOf(notification).level]
  const data = { status, alertname, target, severity, fingerprint, ...(test && { test: 'true' }) }
  const structured = Object.entries(data).map(([name, value]) => ` ${name}="${parameter(value)}"`)
  const head = `<${priority}>1 ${new Date(now).toISOString()} ${hostname} probity - ${messageId(alertname)} [probity@32473${structured.join('')}] `
  const room = maxBytes - Buffer.byteLength(head) - bom.length
  const text = fitting(
    notification,
    (parts) => oneLine(written(parts, markup)),
    (line) => Buffer.byteLength(line) <= room,
  )
  return Buffer.concat([Buffer.from(head), bom, Buffer.from(text)])
}

const bom = Buffer.from([0xef, 0xbb, 0xbf])

const markup = { ...plainMarkup, lineEnd: '; ' }

/** Up to 32 printable characters of ASCII. */
function messageId(alertname: string): string {
  return alertname.replace(/[^\x21-\x7e]/g, '').slice(0, 32) || '-'
}

function parameter(value: string): string {
  return oneLine(value)
    .slice(0, 100)
    .toWellFormed()
    .replace(/["\\\]]/g, '\\$&')
}
