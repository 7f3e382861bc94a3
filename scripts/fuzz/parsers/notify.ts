import fc from 'fast-check'
import { parse } from 'yaml'
import { notifyTypes } from '../../../src/app/channels.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import { formatMatcher } from '../../../src/config/notify/matchers.ts'
import { isQuiet } from '../../../src/config/notify/quiet-hours.ts'
import { defaultRepeat, formatRepeat, parseRepeat } from '../../../src/config/notify/repeat.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { asJson, host, mapping, spoilt, word } from '../grammar.ts'
import { configOf, expectThat, type Parser } from '../parser.ts'
import { detailedNotify, everyNotifyKey } from './seeds.ts'
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

const simple = fc.dictionary(word, channel, { minKeys: 1, maxKeys: 3 }).chain((channels) =>
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

const documents = [...detailedNotify, ...everyNotifyKey].map((text): unknown => parse(text))
const words = [
  ...[
    'log',
    'nobody',
    'team',
    'slack',
    'nosuchtype',
    'targets',
    'watchdog',
    '9:00',
    '17:00',
    '${file:empty}',
    '${file:none}',
    '${NOPE}',
    'channels',
  ],
  ...[
    '22:00',
    '25:00',
    'Europe/Nowhere',
    'UTC',
    'severity="',
    'team=~"("',
    '~(',
    '1 2',
    '99999',
    '10',
    '"5"',
  ],
  ...[['team=~"a|b"'], { type: 'log' }, { type: 'log', x: 1 }, { team: '~[' }, ['alertname'], 101],
]
/** What is wrong only together. */
const oddNotify = [
  'channels: { mail: { type: log } }\nroutes:\n- { channels: mail, unless: acknowledged }\n- { channels: mail, quiet_hours: { from: 9:00, to: 9:00, except: [fatal] } }\n- { channels: mail, after: 15m, unless: acknowledged, match: { team: 5 } }\n',
  'channels: { watchdog: { type: log }, probity: { type: log }, targets: { type: log } }\nroutes: []\n',
]
/** Saturday, between the hours and outside of them. */
const moments = [Date.UTC(2026, 10, 21, 3), Date.UTC(2026, 10, 21, 12)]

export const notify: Parser = {
  name: 'notify',
  seeds: [shipped('config/notify.yml'), ...detailedNotify, ...everyNotifyKey, ...oddNotify],
  grammar: fc.oneof(
    {
      arbitrary: fc.oneof(spoilt(fc.constantFrom<unknown>(...documents), words), simple).map(asJson),
      weight: 15,
    },
    fc.constantFrom(...oddNotify),
  ),
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
    configOf(() => {
      const { routes } = parseNotify(sourcesOf('notify.yml', input), {
        env,
        foreign: foreignFormats,
        types: notifyTypes,
        readSecret,
      })
      for (const { matchers, repeat, quietHours } of routes) {
        for (const matcher of matchers) {
          matcher.matches({ team: 'shop', severity: 'critical' })
          expectThat(formatMatcher(matcher).startsWith(matcher.label), 'a matcher without its label')
        }
        for (const severity of ['critical', 'warning']) {
          const often = repeat ?? defaultRepeat(severity)
          expectThat(parseRepeat(formatRepeat(often)) !== undefined, 'it writes a repeat that it cannot read')
          if (quietHours) for (const now of moments) isQuiet(quietHours, severity, now)
        }
      }
    }),
}
