import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { websocket: 'ws://chat.example' },
  result: {
    ...connected,
    websocket: { statusCode: 101, upgraded: true, failedDueToRegex: false },
    dialogue: { failedDueToRegex: false, info: [] },
  },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['upgrade', 'HTTP 101, upgraded'],
  ],
}
