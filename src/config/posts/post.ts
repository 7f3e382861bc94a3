/** What a post is about. */
export const postKinds = ['incident', 'maintenance', 'announcement'] as const
export type PostKind = (typeof postKinds)[number]

/** Something that people say on public pages: a file of `posts/`. */
export interface Post {
  /** The name of its file without `.md`. */
  readonly id: string
  readonly title: string
  readonly kind: PostKind
  readonly from: Date
  /** Absent while it lasts; an announcement without it stays. */
  readonly to?: Date
  /** Which targets it concerns. */
  readonly targets: readonly string[]
  /** The paths of the pages that show it. Absent: those that show one of its targets, or all if it has none. */
  readonly pages?: readonly string[]
  /** Markdown, which may be empty. */
  readonly text: string
  /** The newest first. */
  readonly updates: readonly PostUpdate[]
}

/** What was added to a post. */
export interface PostUpdate {
  readonly at: Date
  /** What follows the time in its heading. Absent: nothing does. */
  readonly title?: string
  /** Markdown. */
  readonly text: string
}

/** When something was last said in it. */
export function changedAt({ from, updates }: Pick<Post, 'from' | 'updates'>): Date {
  return new Date(Math.max(from.getTime(), ...updates.map(({ at }) => at.getTime())))
}
