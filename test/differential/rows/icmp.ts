import type { Family, Row } from '../row.ts'

const icmp = (settings: object = {}, timeout = '1s'): object => ({ prober: 'icmp', timeout, icmp: settings })

const rows: Row<undefined>[] = [
  { name: 'an address', module: icmp(), target: () => '127.0.0.1' },
  { name: 'an IPv6 address', module: icmp(), target: () => '::1' },
  { name: 'a name', module: icmp({ preferred_ip_protocol: 'ip4' }), target: () => 'localhost' },
  { name: 'a payload', module: icmp({ payload_size: 512 }), target: () => '127.0.0.1' },
  { name: 'a name that does not exist', module: icmp(), target: () => 'host.invalid' },
  { name: 'an address that nobody has', module: icmp(), target: () => '240.0.0.1' },
]

export const icmpFamily: Family<undefined> = {
  name: 'icmp',
  rows,
  start: () => Promise.resolve({ servers: undefined, stop: () => Promise.resolve() }),
}
