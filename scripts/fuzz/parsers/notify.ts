import fc from 'fast-check'
import { notifyTypes } from '../../../src/app/channels.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { asJson, host, mapping, word } from '../grammar.ts'
import { configOf, type Parser } from '../parser.ts'
import { detailedNotify } from './seeds.ts'
import { env, readSecret, shipped, sourcesOf } from './reading.ts'

const channel = fc.oneof(
  fc.constant({ type: 'slack', webhook_url: 'https://hooks.example/x' }),
  mapping(
    {
      type: fc.constant('webhook'),
      url: host.map((name) => `https://${name}/`),
      method: fc.constantFrom('POST', 'PUT'),
    },
    ['type', 'url'],
  ),
  mapping(
    {
      type: fc.constant('command'),
      command: fc.constantFrom('echo', ['echo', 'a']),
      timeout: fc.constantFrom('5s', '1m'),
    },
    ['type', 'command'],
  ),
)

export const notify: Parser = {
  name: 'notify',
  seeds: [shipped('config/notify.yml'), ...detailedNotify],
  grammar: fc
    .dictionary(word, channel, { minKeys: 1, maxKeys: 3 })
    .chain((channels) =>
      mapping(
        {
          channels: fc.constant(channels),
          routes: fc.array(
            mapping(
              {
                channels: fc.subarray(Object.keys(channels), { minLength: 1 }),
                match: fc.constantFrom({ team: 'a' }, ['severity="critical"'], ['team=~"a|b"'], {
                  team: '~a.*',
                }),
                repeat: fc.constantFrom('once', '4h', 'exponential'),
              },
              ['channels'],
            ),
            { maxLength: 3 },
          ),
        },
        ['channels', 'routes'],
      ),
    )
    .map(asJson),
  tokens: [
    ...[
      'channels:',
      'routes:',
      'match: ',
      'repeat: ',
      'quiet_hours: ',
      'type: ',
      'slack',
      'webhook',
      'command',
      'email',
      'pagerduty',
      'sms',
    ],
    ...[
      '\n  - ',
      '\n  ',
      '{ ',
      ' }',
      '[ ',
      ' ]',
      'severity="critical"',
      '=~',
      '!~',
      '~',
      'once',
      'exponential',
      '4h',
      '22:00-06:00',
      'Europe/Vienna',
    ],
  ],
  sources: ['load.ts', 'channels.ts', 'matchers.ts', 'quiet-hours.ts', 'repeat.ts', 'unset.ts'].map(
    (file) => `src/config/notify/${file}`,
  ),
  parse: (input) =>
    configOf(() =>
      parseNotify(sourcesOf('notify.yml', input), {
        env,
        foreign: foreignFormats,
        types: notifyTypes,
        readSecret,
      }),
    ),
}
