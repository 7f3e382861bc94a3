import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDnsProber } from '../../../../src/checks/dns/probe.ts'
import { createDomainProber } from '../../../../src/checks/domain/probe.ts'
import { createIcmpProber } from '../../../../src/checks/icmp/probe.ts'
import { atEnd } from '../../../support/at-end.ts'
import {
  answerTo,
  data,
  framed,
  startDnsServer,
  type TestAnswer,
} from '../../../support/servers/dns-server.ts'
import type { Reply } from '../../../support/servers/http-peer.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { json, nameServer, portOf, startSite, type Site } from '../../support/servers.ts'
import { certificate, httpProber, options, type StandIn } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

const day = 86_400_000

/** What a registry answers about a domain that expires on this day. */
const registered = (until: string): Reply =>
  json({ events: [{ eventAction: 'expiration', eventDate: `${until}T00:00:00Z` }] })

/** The registry of a domain, and the list of IANA, in which it is. */
async function registry(domain: string, broken: Reply): Promise<StandIn> {
  const nextYear = new Date(Date.now() + 365 * day).toISOString().slice(0, 10)
  const answers: Site = { [`GET /domain/${domain}`]: registered(nextYear) }
  const port = await startSite(answers)
  const service = `https://rdap.example.com:${port}`
  answers['GET /dns.json'] = json({ services: [[[domain.split('.').at(-1)], [`${service}/`]]] })
  return {
    places: { 'https://rdap.example.com/': `${service}/` },
    probers: {
      domain: () =>
        Promise.resolve(createDomainProber({ list: new URL(`${service}/dns.json`), probe: httpProber() })),
    },
    fail: () => (answers[`GET /domain/${domain}`] = broken),
  }
}

const mx = (...hosts: readonly string[]): TestAnswer => ({
  answer: hosts.map((host, index) => ({ type: 15, data: data.mx(10 * (index + 1), host) })),
})

const address: TestAnswer = { answer: [{ type: 1, data: data.a('192.0.2.1') }] }

/**
 * The `ping` of iputils, for a host that answers what the example sends.
 *
 * @param wanted What must be among its arguments.
 */
async function pinged(places: StandIn['places'], wanted: string): Promise<StandIn> {
  const program = join(await tempFolder(), 'ping')
  const answering = async (line: string): Promise<void> => {
    const lines = [
      '#!/bin/sh',
      `case "$*" in -V) echo 'ping from iputils 20240117' ;;`,
      `*'${wanted}'*) echo '${line}' ;; *) exit 2 ;; esac`,
    ]
    await writeFile(program, `${lines.join('\n')}\n`)
    await chmod(program, 0o755)
  }
  await answering('64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.5 ms')
  const icmp = createIcmpProber({ program, platform: 'linux', lookup: options.lookup })
  return {
    places,
    probers: { icmp: () => Promise.resolve(icmp) },
    fail: () => answering('From 127.0.0.1 icmp_seq=1 Destination Host Unreachable'),
  }
}

/** What is asked about names and addresses. */
export const names: Rows = {
  'dns: our-zone': {
    async start() {
      let answer: TestAnswer = { answer: [{ type: 6, data: data.soa(1) }] }
      const server = await nameServer((name, type) => (name === 'example.com' && type === 6 ? answer : {}))
      return {
        places: { 'ns1.example.com': `ns1.example.com${portOf(server)}` },
        fail: () => (answer = { rcode: 5 }),
      }
    },
    reason: 'status',
    message: /REFUSED/,
  },
  'dns: mail-exchangers': {
    async start() {
      let answer = mx('mx1.example.com', 'mx2.example.com')
      const server = await nameServer((_name, type) => (type === 15 ? answer : {}))
      return {
        places: { '192.0.2.53': server },
        fail: () => (answer = mx('mx1.example.com', 'mx2.example.org')),
      }
    },
    reason: 'body',
    message: /mx2\.example\.org/,
  },
  'dns: private-resolver': {
    async start() {
      let query: (bytes: Buffer) => Buffer = (bytes) => answerTo(bytes, address)
      const server = await startDnsServer({ tcp: (bytes) => framed(query(bytes)), tls: certificate })
      atEnd(server.stop)
      return {
        places: { 'dns.example.net': `dns.example.net${portOf(server.address)}` },
        fail: () => (query = () => Buffer.from('HTTP/1.1 400')),
      }
    },
    reason: 'protocol',
    message: /answer/,
  },
  'dns: gone': {
    async start() {
      let answer: TestAnswer = { rcode: 3 }
      const server = await nameServer(() => answer)
      const dns = createDnsProber({ systemServers: () => [server] })
      return {
        places: {},
        probers: { dns: () => Promise.resolve(dns) },
        fail: () => (answer = address),
      }
    },
    reason: 'status',
    message: /^expected NXDOMAIN for old\.example\.com\. A, got NOERROR$/,
  },
  'domain: our-domain': {
    start: () => registry('example.com', registered('2026-11-01')),
    reason: 'body',
    message: /^example\.com expired on 2026-11-01T/,
  },
  'domain: internal-domain': {
    start: () => registry('example.internal', { status: 404 }),
    reason: 'status',
    message: /knows no example\.internal \(404\)/,
  },
  'icmp: gateway': {
    start: () => pinged({ '192.0.2.1': '127.0.0.1' }, '-s 56'),
    reason: 'connect',
    message: /Unreachable/i,
  },
  'icmp: tunnel-takes-large-packets': {
    start: () => pinged({}, '-s 1372 -M do'),
    reason: 'connect',
    message: /Unreachable/i,
  },
}
