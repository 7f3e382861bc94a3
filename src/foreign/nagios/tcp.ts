import { formatAddress } from '../../net/address.ts'
import { quoteRegex } from '../shared/regex.ts'
import { setCertificateDays, setIpProtocol, setTimes } from './common.ts'
import type { CheckLine } from './line.ts'
import type { OptionTable } from './options.ts'

/** Source: https://www.monitoring-plugins.org/doc/man/check_tcp.html */
export const tcpOptions: OptionTable = {
  short: '46EAH:s:e:q:m:c:w:t:p:C:W:d:Sr:jD:M:',
  long: {
    ...{
      hostname: 'H',
      critical: 'c',
      warning: 'w',
      'critical-codes': 'C',
      'warning-codes': 'W',
      timeout: 't',
    },
    ...{
      port: 'p',
      escape: 'E',
      all: 'A',
      send: 's',
      expect: 'e',
      maxbytes: 'm',
      quit: 'q',
      jail: 'j',
      delay: 'd',
    },
    ...{
      refuse: 'r',
      mismatch: 'M',
      'use-ipv4': '4',
      'use-ipv6': '6',
      ssl: 'S',
      sni: 'sni',
      certificate: 'D',
    },
  },
  valued: ['sni'],
}

export function translateTcp(line: CheckLine): string | undefined {
  const host = line.text('H') ?? line.rest(0)
  const port = Number(line.text('p') ?? line.rest(1))
  if (host === undefined || !Number.isInteger(port)) return 'it names no host and port'
  const address = formatAddress({ host, port })
  const name = line.text('sni')
  if (name !== undefined) line.put(['tls', 'server_name'], name)
  const days = line.text('D')
  if (days !== undefined) {
    line.put(['certificate'], address)
    setCertificateDays(line, days)
    return undefined
  }
  line.put(['tcp'], address)
  if (line.has('S')) {
    line.set(['use_tls'], true)
    line.set(['tls', 'verify'], false)
    line.note('-S', 'the certificate is not verified, as before: remove tls.verify to verify it')
  }
  translateDialogue(line)
  if (line.text('r') === 'ok') line.lose('-r', 'that nothing listens cannot be expected')
  if (line.text('M') === 'ok') line.lose('-M', 'an answer that is not as expected is a failure')
  for (const key of ['m', 'j', 'd']) line.has(key)
  setTimes(line)
  setIpProtocol(line)
  return undefined
}

function translateDialogue(line: CheckLine): void {
  const isEscaped = line.has('E')
  const read = (text: string): string => (isEscaped ? unescaped(text) : text)
  const expected = line.texts('e').map(read)
  const [send, quit] = [line.text('s'), line.text('q')].map((text) =>
    text === undefined ? {} : sending(read(text)),
  )
  // An answer has to begin with one of the texts; a line of it is compared.
  const starts = expected.map((text) => quoteRegex(text.replace(/\r?\n.*$/s, '')))
  const expect =
    starts.length === 0
      ? {}
      : { expect: starts.length === 1 ? `^${starts.join('')}` : `^(?:${starts.join('|')})` }
  if (line.has('A') && expected.length > 1) line.lose('-A', 'one of the answers is enough')
  const steps = [send, { ...expect, ...(expected.length > 0 || send === undefined ? quit : {}) }].filter(
    (step) => step && Object.keys(step).length > 0,
  )
  if (steps.length > 0) line.set(['dialogue'], steps)
}

/** A text as it is sent: with a line feed behind it, or byte for byte. */
function sending(text: string): object {
  const isLine = /^[\x20-\x7e]*\r?\n$/.test(text)
  if (isLine) return { send: text.slice(0, -1).replaceAll('$', '$$$$') }
  const bytes = Buffer.from(text).toString('hex').replaceAll(/../g, '$& ').trim()
  return bytes === '' ? {} : { send_bytes: bytes }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_all, letter: string) => escapes[letter] ?? letter)
}
