import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { domain: 'example.com' },
  result: { ...connected, domain: { expiresAt: 1_818_158_400, registrar: 'Example Registrar, Inc.' } },
  facts: [
    ['expires', '2027-08-13T12:00:00Z'],
    ['registrar', 'Example Registrar, Inc.'],
  ],
}
