import { describe, expect, it } from 'vitest'
import { assertAllowed } from '../../src/exporter/ad-hoc.ts'
import { addressGuard, discoveredGuard } from '../../src/exporter/address-guard.ts'
import { parse } from '../support/parse-config.ts'

const config = parse(
  `probe: { allow: ['http://[^/]+\\.example\\.com/.*', 'https://[a-z]+\\.example\\.org'] }`,
)

describe('a URL that is not configured', () => {
  it.each([
    'http://a.example.com/',
    'http://a.example.com',
    'HTTP://A.EXAMPLE.COM/x?y#z',
    'https://a.example.org',
    'https://a.example.org/#x',
  ])('may be %s', (url) => {
    expect(() => {
      assertAllowed(url, undefined, config)
    }).not.toThrow()
  })

  it.each([
    'http://evil.test?x.example.com/',
    'http://evil.test#x.example.com/',
    'http://evil.test\\x.example.com/',
    'http://evil.test/?x.example.com/',
    ' http://evil.test?x.example.com/',
    'http:evil.test?x.example.com/',
    'http://\u0000evil.test?.example.com/',
    'https://a.example.org/x',
    'https://a.example.org?x',
  ])('may not be %j', (url) => {
    expect(() => {
      assertAllowed(url, undefined, config)
    }).toThrow()
  })

  it.each([
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    // Azure's, which looks like any other address: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    '168.63.129.16',
    '::ffff:168.63.129.16',
    '64:ff9b::7f00:1',
    '0.0.0.0',
    '::7f00:1',
    '::808:808',
  ])('may not lead to %s', (address) => {
    expect(() => {
      addressGuard([])(address)
    }).toThrow('list its network under probe.allow_networks to probe it')
  })

  it('may lead to any other address, and to those of the networks that are allowed', () => {
    const guard = addressGuard(['127.0.0.0/8', '168.63.129.16/32'])
    for (const address of ['192.0.1.1', '168.63.129.17', '2606:4700::1', '127.0.0.1', '168.63.129.16'])
      guard(address)
  })
})

describe('what was discovered', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '64:ff9b::7f00:1',
    '0.0.0.0',
    '::7f00:1',
    '224.0.0.1',
    '255.255.255.255',
  ])('may not be at %s', (address) => {
    expect(() => {
      discoveredGuard({ allowNetworks: [] })(address)
    }).toThrow('list its network under allow_networks of the source to probe it')
  })

  it('may be at private addresses, and at what its source allows', () => {
    const guard = discoveredGuard({ allowNetworks: ['127.0.0.0/8'] })
    for (const address of ['10.0.0.1', '192.168.1.1', 'fd00::1', '100.64.0.1', '192.0.1.1', '127.0.0.1'])
      guard(address)
  })
})
