import { certificate, connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { certificate: 'shop.example' },
  result: {
    ...connected,
    tls: {
      version: 'TLS 1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      chain: [certificate],
      verified: true,
      earliestExpiry: 1_900_000_000,
      lastChainExpiry: 1_900_000_000,
    },
  },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['chain', '1 certificate, verified'],
  ],
}
