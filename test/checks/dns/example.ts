import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { dns: 'example.com', server: 'ns1.example.com', type: 'SOA' },
  result: {
    ...connected,
    dns: {
      phases: { resolve: 0.002, connect: 0.003, request: 0.1 },
      answered: true,
      answerRecords: 1,
      authorityRecords: 2,
      additionalRecords: 0,
      serial: 2_026_112_001,
    },
  },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['records', '1 answer, 2 authority, 0 additional'],
    ['serial', '2026112001'],
  ],
}
