import { expect, it } from 'vitest'
import { parseAddress } from '../../client/src/address.ts'

it.each([
  { text: '127.0.0.1:51712', address: { host: '127.0.0.1', port: 51712 } },
  { text: 'collector:9', address: { host: 'collector', port: 9 } },
  { text: ' collector ', address: { host: 'collector', port: 51712 } },
  { text: '[::1]:9', address: { host: '::1', port: 9 } },
  { text: '[fe80::1%eth0]', address: { host: 'fe80::1%eth0', port: 51712 } },
  { text: '', address: undefined },
  { text: ':9', address: undefined },
  { text: 'collector:', address: undefined },
  { text: 'collector:0', address: undefined },
  { text: 'collector:65536', address: undefined },
  { text: '::1', address: undefined },
  { text: 'udp://collector:9', address: undefined },
  { text: 'me@collector:9', address: undefined },
])('the address "$text"', ({ text, address }) => {
  expect(parseAddress(text)).toEqual(address)
})
