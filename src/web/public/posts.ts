import { targetsOf, type PublicPage } from '../../config/public-page.ts'
import type { Post } from '../../config/posts/post.ts'

/** The posts of a page, as somebody sees them now. */
export interface PagePosts {
  /** What goes on, the newest first. */
  readonly current: readonly Post[]
  /** What has not begun, the next one first. */
  readonly scheduled: readonly Post[]
  /** What is over, the newest first. */
  readonly past: readonly Post[]
}

const pastMs = 90 * 86_400_000
const maxPast = 20

/**
 * Chooses what a page shows. A post that names pages is on these; one that names targets is on those that show one of them.
 * An announcement is not shown before it begins. Of its targets, only those are left that the page shows.
 */
export function postsFor(page: PublicPage, posts: readonly Post[], now: Date): PagePosts {
  const shown = new Set(targetsOf(page))
  const own = posts
    .filter(({ pages, targets }) =>
      pages ? pages.includes(page.path) : targets.length === 0 || targets.some((name) => shown.has(name)),
    )
    .filter(({ kind, from }) => kind !== 'announcement' || from <= now)
    .map((post) => ({ ...post, targets: post.targets.filter((name) => shown.has(name)) }))
  const isOver = ({ to }: Post): boolean => to !== undefined && to <= now
  return {
    current: own.filter((post) => post.from <= now && !isOver(post)),
    scheduled: own.filter(({ from }) => from > now).toReversed(),
    past: own
      .filter((post) => isOver(post) && now.getTime() - (post.to?.getTime() ?? 0) < pastMs)
      .slice(0, maxPast),
  }
}
