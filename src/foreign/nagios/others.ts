import { isIP } from 'node:net'
import { formatAddress } from '../../net/address.ts'
import { quoteRegex } from '../shared/regex.ts'
import { setIpProtocol, setTimes } from './common.ts'
import { limitOf, type CheckLine } from './line.ts'
import type { OptionTable } from './options.ts'

/** Source: https://www.monitoring-plugins.org/doc/man/check_ping.html */
export const pingOptions: OptionTable = {
  short: 'nL46t:c:w:H:p:',
  long: {
    ...{ timeout: 't', critical: 'c', warning: 'w', hostname: 'H', packets: 'p', nohtml: 'n', link: 'L' },
    ...{ 'use-ipv4': '4', 'use-ipv6': '6' },
  },
}

export function translatePing(line: CheckLine): string | undefined {
  const host = line.text('H') ?? line.rest(0)
  if (host === undefined) return 'it names no host'
  line.put(['icmp'], host)
  const [warning, critical] = ['w', 'c'].map((key) => (line.text(key) ?? '').split(','))
  const milliseconds = (limits: readonly string[] | undefined): number | undefined => {
    const limit = limitOf(limits?.[0])
    return limit === undefined ? undefined : limit / 1000
  }
  line.setSeconds(['timeout'], Math.min(10, milliseconds(critical) ?? 10))
  line.set(['expect', 'max_latency'], 'off')
  line.setSeconds(['expect', 'max_latency'], milliseconds(warning))
  if (critical?.[1] !== undefined && parseFloat(critical[1]) < 100)
    line.note(
      '-c',
      'one request is sent for each check: instead of a share that is lost, alert_after counts failures',
    )
  for (const key of ['p', 'n', 'L', 't']) line.has(key)
  setIpProtocol(line)
  return undefined
}

/** Source: https://www.monitoring-plugins.org/doc/man/check_ssh.html */
export const sshOptions: OptionTable = {
  short: '46t:r:H:p:P:',
  long: {
    ...{ host: 'H', hostname: 'H', port: 'p', 'use-ipv4': '4', 'use-ipv6': '6', timeout: 't' },
    ...{ 'remote-version': 'r', 'remote-protocol': 'P' },
  },
}

export function translateSsh(line: CheckLine): string | undefined {
  const host = line.text('H') ?? line.rest(0)
  if (host === undefined) return 'it names no host'
  line.put(['ssh'], formatAddress({ host, port: Number(line.text('p') ?? 22) }))
  const software = line.text('r')
  if (software !== undefined) line.set(['expect', 'software'], `^${quoteRegex(software)}$`)
  const protocol = line.text('P') ?? '2.0'
  if (protocol !== '2.0') line.lose('-P', 'only version 2.0 of the protocol is spoken')
  setTimes(line)
  setIpProtocol(line)
  return undefined
}

/** Source: https://www.monitoring-plugins.org/doc/man/check_dns.html */
export const dnsOptions: OptionTable = {
  short: 'ALnt:H:s:r:a:w:c:q:',
  long: {
    ...{
      timeout: 't',
      hostname: 'H',
      server: 's',
      'reverse-server': 'r',
      'expected-address': 'a',
      querytype: 'q',
    },
    ...{ 'expect-nxdomain': 'n', 'expect-authority': 'A', all: 'L', warning: 'w', critical: 'c' },
  },
}

export function translateDns(line: CheckLine): string | undefined {
  const name = line.text('H') ?? line.rest(0)
  if (name === undefined) return 'it names nothing to look up'
  const server = line.text('s') ?? line.rest(1)
  const expected = line
    .texts('a')
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
  const isNumeric = expected.length > 0 && expected.every((text) => isIP(text) === 6)
  line.put(['dns'], name)
  line.set(
    ['type'],
    (line.text('q') ?? (isIP(name) > 0 ? 'PTR' : isNumeric ? 'AAAA' : 'A'))
      .replace(/^-?(?:query|querytype)=/, '')
      .toUpperCase(),
  )
  if (server !== undefined) line.put(['server'], server)
  if (line.has('n')) line.set(['expect', 'rcode'], 'NXDOMAIN')
  if (line.has('A'))
    line.lose('-A', 'that the server is an authority cannot be expected: write server: and recursion: false')
  const patterns = expected.map((text) => `\\t${quoteRegex(text.replace(/\.$/, ''))}\\.?$`)
  if (expected.some((text) => text.includes('/')))
    line.lose('-a', 'a network cannot be expected: write expect.answer.matches')
  else if (patterns.length > 0)
    line.set(['expect', 'answer', line.has('L') ? 'matches_any' : 'matches_one'], patterns)
  line.has('L')
  setTimes(line)
  return undefined
}
