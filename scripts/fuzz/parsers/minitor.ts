import fc from 'fast-check'
import { parse } from 'yaml'
import { notifyTypes } from '../../../src/app/channels.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { asJson, mapping, spoilt, word } from '../grammar.ts'
import { configOf, type Parser } from '../parser.ts'
import { minitorFile, minitorPython, minitorShell } from './seeds.ts'
import { env, readSecret, sourcesOf } from './reading.ts'

const command = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9 ./-]{0,20}$/),
  fc.array(word, { minLength: 1, maxLength: 3 }),
)

const documents = [minitorFile, minitorPython, minitorShell].map((text): unknown => parse(text))
const words = [
  ...[
    'mail',
    'log',
    'nosuch',
    '30s',
    '1ms',
    '1000h',
    '0',
    '-1',
    '7',
    '${X}',
    '${NOPE}',
    'disk',
    '{monitor_name}',
    '{{',
    '}}',
    '{',
    '}',
  ],
  ...[
    "echo '${X}' # don't",
    "echo \\' \"${X}\" '${X:-a}'",
    "cat <<E\n'${X}'\nE",
    "echo 'open",
    'a\0b',
    '#\n${X}',
    '{{if .IsUp}}a{{end}}',
  ],
  ...[
    ['log', 'mail'],
    ['echo', 5],
    [' '],
    [true],
    { command: 'x' },
    false,
    5,
    2.5,
    '5ms',
    1e9,
    'monitors',
    'timeout',
  ],
]

export const minitor: Parser = {
  name: 'minitor',
  seeds: [minitorFile, minitorPython, minitorShell],
  grammar: fc.oneof(
    spoilt(fc.constantFrom<unknown>(...documents), words).map(asJson),
    mapping(
      {
        check_interval: fc.constantFrom(30, '30s', '1m30s'),
        monitors: fc.array(
          mapping(
            {
              name: word,
              command,
              alert_after: fc.nat(10),
              alert_every: fc.integer({ min: -2, max: 9 }),
              alert_down: fc.constant(['log']),
            },
            ['name', 'command'],
          ),
          { minLength: 1, maxLength: 3 },
        ),
        alerts: fc.dictionary(word, mapping({ command }, ['command']), { maxKeys: 2 }),
      },
      ['monitors', 'alerts'],
    ).map(asJson),
  ),
  tokens: [
    ...[
      'monitors:',
      'alerts:',
      'command: ',
      'check_interval: ',
      'alert_down: ',
      'alert_up: ',
      'alert_every: ',
      'default_alert_after: ',
    ],
    ...[
      '{{.MonitorName}}',
      '{{if .IsUp}}',
      '{{else}}',
      '{{end}}',
      '{{',
      '}}',
      '{monitor_name}',
      '$X',
      '${X}',
      '$(id)',
      '`id`',
      '\n  - ',
      '[ ',
      ' ]',
      '1m',
      '-1',
    ],
  ],
  sources: [
    'read.ts',
    'schema.ts',
    'templates.ts',
    'go-duration.ts',
    'shell-variables.ts',
    'trees.ts',
    'channels.ts',
  ].map((file) => `src/foreign/minitor/${file}`),
  parse: async (input) => {
    const how = { env, foreign: foreignFormats, readSecret }
    const sources = sourcesOf('minitor.yml', input)
    const names: string[] = ['log']
    const isNotify = await configOf(() => {
      for (const { name } of parseNotify(sources, { ...how, types: notifyTypes }).channels) names.push(name)
    })
    return (await configOf(() => parseConfig(sources, { ...how, channels: names }))) && isNotify
  },
}
