import { describe, expect, it } from 'vitest'
import { parsePost } from '../../../src/config/posts/parse.ts'

const file = 'config/posts/2026-11-21-payments.md'

function issuesOf(text: string): string[] {
  const parsed = parsePost({ file, text })
  return 'issues' in parsed
    ? parsed.issues.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
    : []
}

describe('a post', () => {
  it('has a front matter, a text, and updates, the newest first', () => {
    const text = `---
title: Payments fail
kind: incident
from: 2026-11-21T08:00:00Z
to: 2026-11-21T10:30:00+01:00
targets: shop
page: [/status/shop/, /public]
---
Some **cards** are refused.

## 2026-11-21T08:20:00Z Identified
It is the gateway.

## Not a time
Still the same update.
## 2026-11-21T09:20:00Z
Fixed.
`
    expect(parsePost({ file, text: text.replaceAll('\n', '\r\n') })).toEqual(parsePost({ file, text }))
    expect(parsePost({ file, text })).toEqual({
      post: {
        id: '2026-11-21-payments',
        title: 'Payments fail',
        kind: 'incident',
        from: new Date('2026-11-21T08:00:00Z'),
        to: new Date('2026-11-21T09:30:00Z'),
        targets: ['shop'],
        pages: ['/status/shop', '/public'],
        text: 'Some **cards** are refused.',
        updates: [
          { at: new Date('2026-11-21T09:20:00Z'), text: 'Fixed.' },
          {
            at: new Date('2026-11-21T08:20:00Z'),
            title: 'Identified',
            text: 'It is the gateway.\n\n## Not a time\nStill the same update.',
          },
        ],
      },
    })
  })

  it.each([
    [
      'no front matter',
      'Hello',
      ['1:1 : expected "---" in the first line, then title, kind and from, then "---" again'],
    ],
    [
      'wrong values',
      '---\ntitle: ""\nkind: outage\nfrom: 2026-11-21\nend: x\n---\n',
      [
        '2:8 title: is empty',
        '3:7 kind: expected incident, maintenance or announcement, got "outage"',
        '4:7 from: "2026-11-21" is not a valid time: expected one with its zone, such as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00',
        '5:1 end: unknown key',
      ],
    ],
    [
      'an end before its beginning',
      '---\ntitle: a\nkind: incident\nfrom: 2026-11-21T08:00:00Z\nto: 2026-11-21T08:00:00Z\n---\n',
      ['5:5 to: "2026-11-21T08:00:00Z" is not after from'],
    ],
    ['broken YAML', '---\ntitle: [a\n---\n', [expect.stringMatching(/^[23]:\d+ : /)]],
    [
      'an update whose time is not one',
      '---\ntitle: a\nkind: incident\nfrom: 2026-11-21T08:00:00Z\n---\nText\n## 2026-11-21T08:20 Identified\n',
      [
        '7:1 : "2026-11-21T08:20" is not a valid time: expected one with its zone, such as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00',
      ],
    ],
  ])('is refused with its place: %s', (_name, text, says) => {
    expect(issuesOf(text)).toEqual(says)
  })
})
