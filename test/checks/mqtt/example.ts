import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { mqtt: 'mqtt://broker.example.com', topic: 'home/state' },
  result: { ...connected, mqtt: { accepted: true, message: 'on' } },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['message', 'on'],
  ],
}
