import { succeeded, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { unix: '/run/example.sock' },
  result: { ...succeeded, phases: { connect: 0.001 }, dialogue: { failedDueToRegex: false, info: [] } },
  facts: [['connected', 'yes']],
}
