import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { commandSettings } from '../../../src/channels/command/command.ts'
import { ConfigError } from '../../../src/settings/errors.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import { partOf } from '../../support/proof.ts'

const types = { command: { schema: commandSettings, native: () => false } }

/** Reads a document as both configurations. JSON is YAML. */
function readBoth(document: unknown): { readonly targets: number; readonly channels: readonly string[] } {
  const read = {
    sources: [{ file: 'minitor.yml', text: JSON.stringify(document) }],
    directory: '/',
    files: [],
  }
  const { channels } = parseNotify(read, { env: {}, foreign: foreignFormats, types })
  const names = channels.map(({ name }) => name)
  const { targets } = parseConfig(read, { env: {}, foreign: foreignFormats, channels: ['log', ...names] })
  return { targets: targets.length, channels: names }
}

const word = fc.stringMatching(/^[ -~]{0,19}[!-~]$/).filter((text) => !text.includes('$'))
const command = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9 ./'"{}-]{0,40}$/),
  fc
    .tuple(fc.stringMatching(/^[a-z/]{1,10}$/), fc.array(word, { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest]),
)
const interval = fc.oneof(
  fc.integer({ min: 1, max: 86_400 }),
  fc.constantFrom('10ms', '1m30s', '0.5h', '30s'),
)
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })

/** A file of Minitor in which nothing is wrong. */
const file = fc
  .dictionary(word, fc.record({ command }), { maxKeys: 5, noNullPrototype: true })
  .filter((alerts) => !Object.hasOwn(alerts, '__proto__'))
  .chain((alerts) => {
    const names = optional(fc.subarray(['log', ...Object.keys(alerts)]))
    const monitor = fc.record({
      name: fc.oneof(
        word.filter((text) => text.trim() !== ''),
        fc.integer(),
      ),
      command,
      check_interval: optional(interval),
      alert_after: optional(fc.nat(1000)),
      alert_every: optional(fc.integer({ min: -3, max: 1000 })),
      alerts: names,
      alert_down: names,
      alert_up: names,
    })
    return fc.record({
      check_interval: optional(interval),
      default_alert_after: optional(fc.nat(10)),
      default_alert_down: names,
      default_alert_up: names,
      startup_alerts: names,
      monitors: fc.array(monitor, { maxLength: 5 }),
      alerts: fc.constant(alerts),
    })
  })

describe('whatever is written', () => {
  it('a file of Minitor in which nothing is wrong is a configuration, with all its monitors and alerts', () => {
    fc.assert(
      fc.property(file, (document) => {
        const { targets, channels } = readBoth(document)
        expect(targets).toBe(document.monitors.length)
        expect(channels.length).toBeGreaterThanOrEqual(Object.keys(document.alerts).length)
      }),
      { numRuns: partOf(300, 4) },
    )
  })

  it('is a configuration or a list of mistakes with their places, and never a crash', () => {
    const value = fc.jsonValue({ maxDepth: 3 })
    const odd = fc.record({
      check_interval: value,
      monitors: fc.array(
        fc.oneof(
          value,
          fc.dictionary(
            fc.constantFrom('name', 'command', 'alerts', 'alert_up', 'alert_after', 'check_interval', 'x'),
            value,
          ),
        ),
      ),
      alerts: value,
      startup_alerts: value,
    })
    fc.assert(
      fc.property(odd, (document) => {
        try {
          readBoth(document)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
          for (const { line, message } of (error as ConfigError).issues) {
            expect(line).toBe(1)
            expect(message).not.toBe('')
          }
        }
      }),
      { numRuns: partOf(300, 4) },
    )
  })
})
