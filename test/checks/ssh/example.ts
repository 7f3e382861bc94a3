import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { ssh: 'bastion.example.com' },
  result: {
    ...connected,
    ssh: { protocol: '2.0', software: 'OpenSSH_9.2p1 Debian-2', keyExchange: 'curve25519-sha256' },
  },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['software', 'OpenSSH_9.2p1 Debian-2'],
    ['key exchange', 'curve25519-sha256'],
  ],
}
