import fc from 'fast-check'
import { parseWebhookMessage, PayloadError } from '../../../src/alerts/receiver/webhook-payload.ts'
import { asJson, mapping, word } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'

const alert = mapping(
  {
    status: fc.constantFrom('firing', 'resolved'),
    labels: fc.dictionary(fc.constantFrom('alertname', 'target', 'severity'), word),
    annotations: fc.dictionary(word, word, { maxKeys: 2 }),
    startsAt: fc.constantFrom('2026-11-20T12:00:00Z', '2026-11-20T12:00:00.123456789+02:00'),
    endsAt: fc.constantFrom('0001-01-01T00:00:00Z', '2026-11-20T13:00:00Z'),
    fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
  },
  ['status', 'labels', 'annotations', 'startsAt', 'endsAt', 'fingerprint'],
)

/** The body of Alertmanager's webhook. */
export const alertmanager: Parser = {
  name: 'alertmanager',
  seeds: fc
    .sample(fc.array(alert, { minLength: 1, maxLength: 3 }), { numRuns: 5, seed: 1 })
    .map((alerts) => asJson({ version: '4', groupKey: '{}', truncatedAlerts: 0, alerts })),
  grammar: fc.array(alert, { maxLength: 3 }).map((alerts) => asJson({ version: '4', alerts })),
  tokens: [
    '"version":"4"',
    '"alerts":',
    '"status":',
    '"firing"',
    '"labels":',
    '"startsAt":',
    '"2026-11-20T12:00:00Z"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    'null',
    '-1',
  ],
  sources: ['src/alerts/receiver/webhook-payload.ts'],
  parse: async (input) => {
    let json: unknown
    try {
      json = JSON.parse(input.toString())
    } catch {
      // Express refuses it.
      return false
    }
    return refusable(() => {
      for (const { startsAt, endsAt } of parseWebhookMessage(json).alerts)
        expectThat(
          !Number.isNaN(startsAt.getTime()) && !Number.isNaN(endsAt?.getTime() ?? 0),
          'a date that is not valid',
        )
    }, PayloadError)
  },
}
