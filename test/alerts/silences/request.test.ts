import { describe, expect, it } from 'vitest'
import {
  readAcknowledgement,
  readSilence,
  type SilenceRequest,
} from '../../../src/alerts/silences/request.ts'
import { reachOf } from '../../../src/alerts/silences/silence.ts'
import { formatMatcher } from '../../../src/config/notify/matchers.ts'
import { anAlert } from '../../support/alerts/alerts.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const reading = { targets: ['shop', 'a=b', 'warehouse'], by: 'anna', now }
const read = (request: Partial<SilenceRequest>) =>
  readSilence({ match: 'shop', for: '2h', comment: 'deploy', ...request }, reading)
const matchersOf = (match: string): string[] => read({ match }).matchers.map(formatMatcher)

describe('what somebody asks to silence', () => {
  it.each<[string, string[]]>([
    ['shop', ['target="shop"']],
    ['a=b', ['target="a=b"']],
    ['target=shop', ['target="shop"']],
    ['severity!=critical, team=~"shop|pay"', ['severity!="critical"', 'team=~"shop|pay"']],
    ['{alertname="TargetSlow",team="a,b \\"c\\" d"}', ['alertname="TargetSlow"', 'team="a,b \\"c\\" d"']],
    ['team!~"x.*",location=home', ['team!~"x.*"', 'location="home"']],
  ])('is a target or matchers: %s', (match, expected) => {
    expect(matchersOf(match)).toEqual(expected)
  })

  it('has a reason, a name and an end', () => {
    expect(read({ comment: ' new\n database ' })).toMatchObject({
      createdBy: 'anna',
      comment: 'new database',
      startsAt: new Date(now),
      endsAt: new Date('2026-11-21T14:00:00Z'),
    })
    expect(read({ for: undefined, until: '2026-11-22T01:00:00+01:00' }).endsAt).toEqual(
      new Date('2026-11-22T00:00:00Z'),
    )
  })

  it.each<[string, Partial<SilenceRequest>, string]>([
    [
      'an unknown target',
      { match: 'shpo' },
      'there is no target "shpo" (did you mean shop?): expected the name of a target, or matchers such as severity="warning"',
    ],
    ['no comment', { comment: ' ' }, 'a silence must say why: add a comment such as "new database"'],
    ['a long comment', { comment: 'x'.repeat(501) }, 'the comment is longer than 500 characters'],
    ['a wrong duration', { for: '2 hours' }, '"2 hours" is not a valid duration: expected one such as 2h'],
    ['no time', { for: '1s' }, 'a silence must last at least one minute and at most 366 days from now'],
    [
      'too long a time',
      { for: '2y' },
      'a silence must last at least one minute and at most 366 days from now',
    ],
    [
      'the past',
      { for: undefined, until: '2026-11-21T11:00:00Z' },
      'a silence must last at least one minute and at most 366 days from now',
    ],
    [
      'not a time',
      { for: undefined, until: 'tomorrow' },
      '"tomorrow" is not a valid time: expected one such as 2026-11-21T03:00:00Z',
    ],
    [
      'two ends',
      { until: '2026-11-21T13:00:00Z' },
      'how long is not clear: give either a duration such as 2h, or a time until when',
    ],
    [
      'no end',
      { for: undefined },
      'how long is not clear: give either a duration such as 2h, or a time until when',
    ],
    ['a bad regex', { match: 'team=~"("' }, 'the value of team is not a valid RE2 regex: missing closing )'],
    ['a bad label', { match: 'te-am=x' }, '"te-am=x": is not a valid label name'],
    [
      'nearly everything',
      { match: 'team!=x' },
      '"team!=x" is about alerts that lack these labels, and so about nearly all: at least one matcher must not match the empty text',
    ],
    [
      'too many',
      { match: Array.from({ length: 21 }, (_, n) => `a${n}=b`).join() },
      'there are 21 matchers: at most 20 are allowed',
    ],
    ['too much', { match: `a=${'x'.repeat(2000)}` }, 'the matchers are longer than 2000 characters'],
  ])('is refused with words: %s', (_what, request, message) => {
    expect(() => read(request)).toThrow(message)
  })

  it.each<[string, 'all' | 'some' | 'none']>([
    ['shop', 'all'],
    ['team=~".+"', 'all'],
    ['target=shop,alertname=TargetDown', 'some'],
    ['severity=warning', 'some'],
    ['warehouse', 'none'],
    ['team=other', 'none'],
  ])('is about all, some or none of the alerts of a target: %s', (match, reach) => {
    expect(
      reachOf({ ...read({ match }), id: '' }, { target: 'shop', team: 'web', severity: 'critical' }),
    ).toBe(reach)
  })
})

describe('what somebody acknowledges', () => {
  const down = anAlert({
    labels: { alertname: 'TargetDown', target: 'shop', 'odd.name': 'x' },
    fingerprint: 'f1',
  })
  const slow = anAlert({ labels: { alertname: 'TargetSlow', target: 'shop' }, fingerprint: 'f2' })

  it('is each alert of the target that fires, for a day, or one of them', () => {
    const all = readAcknowledgement({ target: 'shop' }, [down, slow], reading)
    expect(all.map(({ acknowledges }) => acknowledges)).toEqual([
      { alertname: 'TargetDown', target: 'shop', incident: { fingerprint: 'f1', startsAt: down.startsAt } },
      { alertname: 'TargetSlow', target: 'shop', incident: { fingerprint: 'f2', startsAt: slow.startsAt } },
    ])
    expect(all[0]).toMatchObject({ comment: '', endsAt: new Date('2026-11-22T12:00:00Z') })
    expect(all[0]?.matchers.map(formatMatcher)).toEqual(['alertname="TargetDown"', 'target="shop"'])
    const one = { target: 'shop', alertname: 'TargetSlow', for: '1h', comment: 'known' }
    expect(readAcknowledgement(one, [down, slow], reading)).toMatchObject([
      { comment: 'known', endsAt: new Date('2026-11-21T13:00:00Z') },
    ])
  })

  it.each<[string, { target: string; alertname?: string }, string]>([
    [
      'nothing fires',
      { target: 'warehouse' },
      'no alert of target "warehouse" fires: there is nothing to acknowledge',
    ],
    [
      'another fires',
      { target: 'shop', alertname: 'TargetSlow' },
      '"TargetSlow" does not fire for target "shop": TargetDown does',
    ],
    ['no target', { target: 'shpo' }, 'there is no target "shpo"'],
  ])('is refused where %s', (_what, request, message) => {
    expect(() => readAcknowledgement(request, [down], reading)).toThrow(message)
  })
})
