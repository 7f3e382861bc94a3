import { succeeded, type Example } from '../../../support/example.ts'

export const example: Example = {
  target: { command: ['true'] },
  result: { ...succeeded, command: { exitCode: 0, output: 'token-12345', outputBytes: 11 } },
  facts: [
    ['exit code', '0'],
    ['output', '11 bytes'],
  ],
}
