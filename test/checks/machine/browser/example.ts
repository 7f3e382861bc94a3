import { succeeded, type Example } from '../../../support/example.ts'

export const example: Example = {
  target: { browser: 'login.mjs' },
  files: { '/etc/probity/login.mjs': 'export default () => undefined' },
  result: {
    ...succeeded,
    steps: [{ name: 'open', outcome: 'succeeded', durationSeconds: 0.25 }],
    browser: { consoleErrors: 2, firstError: 'no such thing', url: 'https://shop.example/login' },
  },
  facts: [
    ['open', '✓ 250 ms'],
    ['page', 'https://shop.example/login'],
    ['console errors', '2: no such thing'],
  ],
}
