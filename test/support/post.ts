import type { Post } from '../../src/config/posts/post.ts'

/** An announcement of 21 November 2026 for all pages. */
export function aPost(overrides: Partial<Post> = {}): Post {
  return {
    id: 'news',
    title: 'News',
    kind: 'announcement',
    from: new Date('2026-11-21T08:00:00Z'),
    targets: [],
    text: '',
    updates: [],
    ...overrides,
  }
}
