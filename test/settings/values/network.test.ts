import { describe, expect, it } from 'vitest'
import { inNetworks, parseNetwork } from '../../../src/settings/values/network.ts'

describe('networks', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['fd00::1', 'fd00::1/128'],
    ['fd00::/8', 'fd00::/8'],
    ['10.0.0.0/33', undefined],
    ['example.org', undefined],
    ['', undefined],
  ])('%j is read as %j', (text, network) => {
    expect(parseNetwork(text)).toBe(network)
  })

  it.each([
    ['10.255.0.1', true],
    ['::ffff:10.0.0.1', true],
    ['11.0.0.1', false],
    ['fe80::1%eth0', true],
    ['fd00::1', false],
    ['::1', false],
  ])('hold %s: %s', (address, held) => {
    expect(inNetworks(['10.0.0.0/8', 'fe80::/10'])(address)).toBe(held)
  })
})
