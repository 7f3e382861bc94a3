import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { icmp: 'gateway.example' },
  result: { ...connected, icmp: { rttSeconds: 0.0031, setupSeconds: 0.01, replyHopLimit: 57 } },
  facts: [
    ['round trip', '3.1 ms from 192.0.2.7'],
    ['hop limit', '57'],
  ],
}
