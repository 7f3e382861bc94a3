import { describe, expect, it } from 'vitest'
import { relabel } from '../../../src/foreign/blackbox/relabel.ts'
import { Fields } from '../../../src/foreign/shared/fields.ts'

const before = new Map([
  ['__address__', 'https://shop.example.com/health'],
  ['job', 'websites'],
  ['env', 'Prod'],
])

function after(...rules: readonly object[]): Record<string, string> | string[] | undefined {
  const lost: string[] = []
  const items = new Fields({ rules }).items('rules')
  const labels = relabel(before, items, ({ path }, message) => lost.push(`${path.join('.')}: ${message}`))
  return lost.length > 0 ? lost : labels && Object.fromEntries(labels)
}

describe('relabel_configs', () => {
  const all = Object.fromEntries(before)
  const cases: readonly (readonly [string, object, object | undefined])[] = [
    [
      'copy a label',
      { source_labels: ['__address__'], target_label: 'i' },
      { ...all, i: all['__address__'] },
    ],
    ['set a label', { target_label: 'team', replacement: 'web' }, { ...all, team: 'web' }],
    [
      'use groups, by number and by name',
      {
        source_labels: ['__address__', 'env'],
        regex: 'https://([^/]+).*;(?P<env>.*)',
        target_label: 'at',
        replacement: '$env of ${1}, $$9 $9$none',
      },
      { ...all, at: 'Prod of shop.example.com, $9 ' },
    ],
    [
      'leave a label whose regex matches only a part',
      { source_labels: ['job'], regex: 'web', target_label: 'env' },
      all,
    ],
    [
      'remove a label with an empty value',
      { target_label: 'env', replacement: '' },
      { ...all, env: undefined },
    ],
    [
      'separate values',
      { source_labels: ['job', 'env'], separator: '/', target_label: 'a' },
      { ...all, a: 'websites/Prod' },
    ],
    [
      'change case',
      { source_labels: ['env'], action: 'lowercase', target_label: 'env' },
      { ...all, env: 'prod' },
    ],
    ['keep', { source_labels: ['env'], regex: 'Prod', action: 'keep' }, all],
    ['keep nothing else', { source_labels: ['env'], regex: 'Test', action: 'keep' }, undefined],
    ['drop', { source_labels: ['env'], regex: 'P.*', action: 'drop' }, undefined],
    ['map names', { regex: 'e(.*)', replacement: 'x_$1', action: 'labelmap' }, { ...all, x_nv: 'Prod' }],
    ['drop names', { regex: 'job|env', action: 'labeldrop' }, { __address__: all['__address__'] }],
    ['keep names', { regex: '__address__', action: 'labelkeep' }, { __address__: all['__address__'] }],
  ]
  it.each(cases)('%s', (_name, rule, expected) => {
    expect(after(rule)).toEqual(expected)
  })

  it('report what they cannot do', () => {
    expect(after({ action: 'hashmod', modulus: 2 }, { regex: '(' }, { action: '__proto__' })).toEqual([
      'rules.0: the action "hashmod" is not supported here',
      'rules.1: is not a valid regex',
      'rules.2: the action "__proto__" is not supported here',
    ])
  })
})
