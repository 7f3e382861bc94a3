import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { udp: 'server.example.com:1234', send: 'ping' },
  result: { ...connected, udp: { bytes: 4 } },
  facts: [['answer', '4 bytes from 192.0.2.7']],
}
