import { expect, it } from 'vitest'
import { watchPage } from '../../../src/app/subscribing/watch-page.ts'
import { newsMail } from '../../../src/app/subscribing/mails.ts'
import { newsSchema } from '../../../src/app/subscribing/news.ts'
import type { Post } from '../../../src/config/posts/post.ts'
import { readNews } from '../../../src/history/subscribers/news.ts'
import type { Incident, StatusSource, TargetState } from '../../../src/web/status/status.ts'
import { onEachDatabase } from '../../history/support/databases.ts'
import { aPost } from '../../support/post.ts'
import { aPage } from '../../support/public-page.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000

onEachDatabase('the news of a page', (sql) => {
  let pages = 0

  function rig(of: { readonly incidents: boolean }) {
    const page = aPage({ path: `/status/w${++pages}`, groups: [{ targets: ['shop', 'api'] }], ...of })
    let incidents: Partial<Incident>[] = []
    let states: Record<string, TargetState> = { shop: 'up', api: 'up' }
    const posts: Post[] = []
    const source = {
      incidents: () => Promise.resolve(incidents),
      overview: () =>
        Promise.resolve(Object.entries(states).map(([name, state]) => ({ name, state, days: [] }))),
    } as unknown as StatusSource
    return {
      posts,
      set: (next: Record<string, TargetState>, open: Record<string, number>, inMaintenance = false) => {
        states = next
        incidents = Object.entries(open).map(([target, at]) => ({
          target,
          startedAt: new Date(at),
          ...(inMaintenance && { inMaintenance }),
        }))
      },
      look: async (now: number): Promise<string[]> => {
        await watchPage(page, { sql: sql(), source, posts: () => posts, location: 'here' }, now)
        const news = await readNews(sql(), { page: page.path, after: 0, until: now })
        return news.map((one) => {
          const { data } = newsSchema.safeParse(one.news)
          return data
            ? newsMail(page, [data], { page: 'https://s.example/', link: 'https://s.example/x' }).subject
            : 'unreadable'
        })
      },
    }
  }

  it('are outages that last two minutes, and their ends once a check has seen them', async () => {
    const { set, look } = rig({ incidents: true })
    expect(await look(start)).toEqual([])
    set({ shop: 'down', api: 'up' }, { shop: start })
    expect(await look(start + minute)).toEqual([])
    expect(await look(start + 2 * minute)).toEqual(['Status: shop is down'])
    // Nobody has checked it since a restart: that is no end.
    set({ shop: 'pending', api: 'up' }, {})
    expect(await look(start + 3 * minute)).toHaveLength(1)
    set({ shop: 'degraded', api: 'up' }, {})
    expect(await look(start + 4 * minute)).toEqual(['Status: shop is down', 'Status: shop works again'])
    set({ shop: 'down', api: 'up' }, { shop: start + 5 * minute }, true)
    expect(await look(start + 9 * minute)).toHaveLength(2)
  })

  it('are no outages where the page does not show them', async () => {
    const { set, look } = rig({ incidents: false })
    await look(start)
    set({ shop: 'down', api: 'down' }, { shop: start, api: start })
    expect(await look(start + 10 * minute)).toEqual([])
  })

  it('are posts and updates, but none of an archive', async () => {
    const { posts, look } = rig({ incidents: false })
    posts.push(aPost({ id: 'known', targets: ['shop'], from: new Date(start - minute) }))
    expect(await look(start)).toEqual([])
    posts.push(
      aPost({ id: 'archive', kind: 'incident', title: 'Long ago', from: new Date('2026-11-01T00:00:00Z') }),
      aPost({ id: 'disks', kind: 'maintenance', title: 'New disks', from: new Date(start + 99 * minute) }),
      aPost({ id: 'later', title: 'Not yet', from: new Date(start + 5 * minute) }),
    )
    expect(await look(start + minute)).toEqual(['Status: Maintenance: New disks'])
    posts[2] = aPost({
      ...posts[2]!,
      updates: [{ at: new Date(start + 2 * minute), title: 'Done', text: '' }],
    })
    expect(await look(start + 6 * minute)).toEqual([
      'Status: Maintenance: New disks',
      'Status: Maintenance: New disks',
      'Status: Announcement: Not yet',
    ])
  })
})
