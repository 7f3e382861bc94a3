import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { url: 'https://shop.example' },
  result: {
    ...connected,
    http: {
      statusCode: 200,
      version: 1.1,
      ssl: true,
      redirects: 1,
      redirectsReceived: 1,
      contentLength: -1,
      bodyLength: 512,
      failedDueToRegex: false,
      finalUrl: 'https://shop.example/en',
    },
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    rateLimit: { limit: 100, remaining: 12, resetAt: 1_800_000_000 },
  },
  facts: [
    ['response', 'HTTP/1.1 200 from 192.0.2.7, 512 bytes, 1 redirect to https://shop.example/en'],
    ['rate limit', '12 of 100 requests left, until 2027-01-15T08:00:00.000Z'],
    ['trace', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ],
}
