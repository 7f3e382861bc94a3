import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { redis: 'redis://cache.example.com' },
  result: { ...connected, redis: { reply: 'PONG' } },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['answer', 'PONG'],
  ],
}
