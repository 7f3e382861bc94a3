import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { steps: [{ name: 'login', url: 'https://shop.example/login' }] },
  result: {
    ...connected,
    http: {
      statusCode: 200,
      version: 1.1,
      ssl: true,
      redirectsReceived: 0,
      redirects: 1,
      contentLength: -1,
      bodyLength: 512,
      failedDueToRegex: false,
      finalUrl: 'https://shop.example/en',
    },
    steps: [
      { name: 'login', outcome: 'succeeded', durationSeconds: 0.05, statusCode: 200 },
      {
        name: 'order',
        outcome: 'failed',
        durationSeconds: 0.075,
        statusCode: 500,
        failure: { reason: 'status', message: 'expected 201, got 500' },
      },
      { name: 'pay', outcome: 'blocked' },
      { name: 'cancel', outcome: 'skipped', missing: ['id'] },
    ],
  },
  facts: [
    ['login', '✓ 50 ms 200'],
    ['order', '✗ 75 ms status'],
    ['pay', 'not run'],
    ['cancel', 'not run, id never captured'],
    ['response', 'HTTP/1.1 200 from 192.0.2.7, 512 bytes, 1 redirect to https://shop.example/en'],
  ],
}
