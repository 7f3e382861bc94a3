import { describe, expect, it } from 'vitest'
import type { Post } from '../../../src/config/posts/post.ts'
import { english } from '../../../src/web/public/languages/english.ts'
import { renderMarkdown } from '../../../src/web/public/markdown.ts'
import { postList } from '../../../src/web/public/post-list.ts'
import { postsFor } from '../../../src/web/public/posts.ts'
import { aPost } from '../../support/post.ts'
import { aPage } from '../../support/public-page.ts'

const now = new Date('2026-11-21T09:00:00Z')
const at = (hour: number): Date => new Date(now.getTime() + hour * 3_600_000)
const ids = (posts: readonly Post[]): string[] => posts.map(({ id }) => id)

describe('the posts of a page', () => {
  const page = aPage({ groups: [{ targets: ['checkout', 'search'] }] })

  it('are those that name it, one of its targets, or nothing', () => {
    const posts = [
      aPost({ id: 'for-all' }),
      aPost({ id: 'of-target', targets: ['checkout', 'inner-office'] }),
      aPost({ id: 'of-others', targets: ['inner-office'] }),
      aPost({ id: 'here', targets: ['inner-office'], pages: ['/status/shop'] }),
      aPost({ id: 'elsewhere', targets: ['checkout'], pages: ['/public'] }),
    ]
    const { current } = postsFor(page, posts, now)
    expect(ids(current)).toEqual(['for-all', 'of-target', 'here'])
    // Names that the page does not show stay away.
    expect(current.flatMap(({ targets }) => targets)).toEqual(['checkout'])
  })

  it('are what goes on, what is to come, and what was; an announcement waits for its time', () => {
    const posts = [
      aPost({ id: 'later', kind: 'maintenance', from: at(48) }),
      aPost({ id: 'sooner', kind: 'maintenance', from: at(24), to: at(25) }),
      aPost({ id: 'secret', from: at(1) }),
      aPost({ id: 'lasts', kind: 'incident', from: at(-1) }),
      aPost({ id: 'was', kind: 'incident', from: at(-5), to: at(0) }),
      aPost({ id: 'long-ago', from: at(-24 * 100), to: at(-24 * 91) }),
    ]
    const { current, scheduled, past } = postsFor(page, posts, now)
    expect([ids(current), ids(scheduled), ids(past)]).toEqual([['lasts'], ['sooner', 'later'], ['was']])
  })

  it('show kind, times, targets and updates', () => {
    const post = aPost({
      kind: 'maintenance',
      title: 'New <disks>',
      to: at(2),
      targets: ['checkout'],
      text: 'Some *words*.',
      updates: [{ at: at(-0.5), title: 'Begun', text: 'We have begun.' }],
    })
    const { markup } = postList('Scheduled', [post], english)
    expect(markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(
      'Scheduled Maintenance New &lt;disks&gt; Nov 21, 2026, 08:00 UTC – Nov 21, 2026, 11:00 UTC Affects: checkout Some words . Nov 21, 2026, 08:30 UTC Begun We have begun.',
    )
  })
})

describe('Markdown of a post', () => {
  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](//evil.example/a)',
    '[x](vbscript:x)',
    '<javascript:alert(1)>',
    '![x](https://evil.example/p.png)',
    '![x" onerror="alert(1)](x)',
    '[x](https://a.example/"onclick="alert(1))',
    '[x](https://a.example "t\\" onclick=\\"alert(1)")',
    '```"><script>alert(1)</script>\n<script>\n```',
    '`<script>`',
    '<!-- <script>alert(1)</script> -->',
    '<style>*{display:none}</style>',
    '| a |\n|---|\n| <script> |',
    '# <script>x</script>',
    '[x]: javascript:alert(1)\n\n[x]',
    '<div\nonclick=alert(1)>\n\ntext\n\n</div>',
  ])('never becomes HTML of its author: %s', (text) => {
    const { markup } = renderMarkdown(text, 3)
    for (const [, name, attributes] of markup.matchAll(/<([a-z][^\s/>]*)([^>]*)>/gi)) {
      expect(name).toMatch(
        /^(p|h[4-6]|a|code|pre|em|strong|ul|ol|li|table|thead|tbody|tr|th|td|br|hr|blockquote|del)$/,
      )
      expect(attributes).toMatch(/^( href="(https?:\/\/|mailto:)[^"<>]*" rel="noopener nofollow")?$/)
    }
    expect(markup).not.toMatch(/<(script|img|style|div|!--)/i)
  })

  it('has what people write with', () => {
    expect(
      renderMarkdown('A *b* **c** [d](https://e.example/?a=1&b=2) `f`\n\n- g\n- h\n\n## i', 3).markup,
    ).toBe(
      '<p>A <em>b</em> <strong>c</strong> <a href="https://e.example/?a=1&amp;b=2" rel="noopener nofollow">d</a> <code>f</code></p>\n<ul>\n<li>g</li>\n<li>h</li>\n</ul>\n<h5>i</h5>\n',
    )
  })
})
