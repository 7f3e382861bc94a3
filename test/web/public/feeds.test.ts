import { describe, expect, it } from 'vitest'
import { feedOf, type Feed } from '../../../src/web/public/feeds/entry.ts'
import { feedFormats } from '../../../src/web/public/feeds/formats.ts'
import { outagesFor } from '../../../src/web/public/outages.ts'
import { demoNow, demoStatus } from '../../support/demo-status.ts'
import { aPost } from '../../support/post.ts'
import { aPage } from '../../support/public-page.ts'

const now = new Date('2026-11-21T09:00:00Z')
const url = 'https://status.example.com/'
const post = aPost({
  id: 'cards & co',
  kind: 'incident',
  title: 'Cards <fail>',
  targets: ['checkout'],
  text: 'Some *cards*, ]]> and <b>bold</b>.',
  updates: [{ at: new Date('2026-11-21T08:30:00Z'), title: 'Found', text: 'We know.' }],
})
const outage = {
  target: 'checkout',
  from: new Date('2026-11-20T01:02:03Z'),
  to: new Date('2026-11-20T02:00:00Z'),
}

const feed = (changes: Partial<Parameters<typeof feedOf>[1]> = {}): Feed =>
  feedOf(aPage({ title: 'Shop' }), { posts: [post], outages: [outage], ...changes }, url, now)

describe('a feed', () => {
  it('has posts and outages with stable ids and dates, the newest first', () => {
    const { entries, updated } = feed()
    expect(updated).toEqual(new Date('2026-11-21T08:30:00Z'))
    expect(entries.map(({ content: _, ...entry }) => entry)).toEqual([
      {
        id: 'urn:uuid:4948d337-1a04-8ab1-a36c-1d1327fb4430',
        title: 'Incident: Cards <fail>',
        url: 'https://status.example.com/#post-cards%20%26%20co',
        category: 'Incident',
        published: new Date('2026-11-21T08:00:00Z'),
        updated: new Date('2026-11-21T08:30:00Z'),
      },
      {
        id: 'urn:uuid:4baf0ea2-261d-8147-a132-d6a24110dbd9',
        title: 'checkout was down',
        url,
        category: 'Incident',
        published: outage.from,
        updated: outage.to,
      },
    ])
    // What is edited stays the same entry.
    const edited = feed({ posts: [{ ...post, title: 'Other', text: '', to: now }] })
    expect(edited.entries[0]).toMatchObject({ id: entries[0]?.id, updated: now })
    expect(feed({ outages: [{ target: 'checkout', from: outage.from }] }).entries[1]?.id).toBe(entries[1]?.id)
  })

  it('of another page has other ids, and a maintenance that is announced has the date of that', () => {
    const announced = aPost({
      kind: 'maintenance',
      from: new Date('2026-12-01T00:00:00Z'),
      updates: [{ at: new Date('2026-11-15T00:00:00Z'), text: 'Announced.' }],
    })
    const page = aPage({ path: '/status/other' })
    const [entry] = feedOf(page, { posts: [announced], outages: [] }, url, now).entries
    expect(entry?.published).toEqual(new Date('2026-11-15T00:00:00Z'))
    expect(feedOf(page, { posts: [post], outages: [] }, url, now).entries[0]?.id).not.toBe(
      feed().entries[0]?.id,
    )
  })

  it('says when targets were down only where the page does, and of its targets only', async () => {
    const source = demoStatus()
    expect(await outagesFor(aPage(), source, demoNow)).toEqual([])
    const page = aPage({ incidents: true, groups: [{ targets: ['search-api'] }] })
    const found = await outagesFor(page, source, demoNow)
    expect(new Set(found.map(({ target }) => target))).toEqual(new Set(['search-api']))
    expect(new Set(found.flatMap((one) => Object.keys(one)))).toEqual(new Set(['target', 'from', 'to']))
  })
})

describe('the formats of feeds', () => {
  const rendered = (file: string): string =>
    feedFormats.find((format) => format.file === file)!.render(feed())

  it.each(['feed.atom', 'feed.rss'])('escape what they contain: %s', (file) => {
    const xml = rendered(file)
    expect(xml).toContain('Incident: Cards &lt;fail&gt;')
    // HTML within XML, of text within HTML.
    expect(xml).toContain('&lt;em&gt;cards&lt;/em&gt;, ]]&amp;gt; and &amp;lt;b&amp;gt;bold')
    const tags = [...xml.matchAll(/<(\/?)([\w:]+)[^<>]*?(\/?)>/g)].filter(([, , , empty]) => empty === '')
    const open: string[] = []
    for (const [, end, name] of tags)
      if (end === '') open.push(name!)
      else expect(open.pop()).toBe(name)
    expect(open).toEqual([])
  })

  it('say when and where', () => {
    expect(rendered('feed.atom')).toMatch(
      /<updated>2026-11-21T08:30:00.000Z<\/updated>[^]*rel="self" type="application\/atom\+xml" href="https:\/\/status.example.com\/feed.atom"[^]*<published>2026-11-21T08:00:00.000Z/,
    )
    expect(rendered('feed.rss')).toMatch(
      /<guid isPermaLink="false">urn:uuid:[^]*<pubDate>Sat, 21 Nov 2026 08:00:00 GMT<\/pubDate>/,
    )
    expect(JSON.parse(rendered('feed.json'))).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      home_page_url: url,
      feed_url: 'https://status.example.com/feed.json',
      items: [{ title: 'Incident: Cards <fail>', date_published: '2026-11-21T08:00:00.000Z' }, {}],
    })
  })
})
