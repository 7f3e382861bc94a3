/** The words that a page may replace: those of states, next to names, and those at the top. */
export const pageWords = [
  'up',
  'degraded',
  'down',
  'pending',
  'paused',
  'all_up',
  'some_degraded',
  'some_down',
] as const
export type PageWord = (typeof pageWords)[number]

/** The languages that public pages speak. */
export const pageLanguages = ['en', 'ar'] as const
export type PageLanguage = (typeof pageLanguages)[number]

/** Targets of a page that stand together. */
export interface PageGroup {
  /** Absent: they stand below no heading. */
  readonly name?: string
  /** In the order in which the configuration of the page names them. */
  readonly targets: readonly string[]
}

/** A picture of the configuration's folder. */
export interface PageLogo {
  /** Names its content, so that it can be cached forever: `logo-1a2b3c4d5e6f.svg`. */
  readonly name: string
  readonly type: 'image/svg+xml' | 'image/png'
  readonly content: Buffer
}

/** One page that anybody may see: an entry of `web.public`. */
export interface PublicPage {
  /** `/public`, or `/status/NAME`; without a slash at the end. */
  readonly path: string
  /** The name of a host on which this page is all that there is, in small letters. Absent: there is none. */
  readonly host?: string
  /** Absent: `Status`, in the language of the page. */
  readonly title?: string
  readonly logo?: PageLogo
  /** `#rrggbb`: the colour of links and marks, on light and on dark. Absent: those of Probity. */
  readonly accent?: string
  readonly accentDark?: string
  readonly groups: readonly PageGroup[]
  readonly words: Readonly<Partial<Record<PageWord, string>>>
  readonly language: PageLanguage
  /** Whether it shows when its targets were down. */
  readonly incidents: boolean
  /** How visitors get its news by e-mail. Absent: they cannot. */
  readonly subscribe?: PageSubscriptions
}

/** Mails about a page. */
export interface PageSubscriptions {
  /** A channel of the type `email` in notify.yml: whose server and sender the mails have. */
  readonly channel: string
}

/** The names of all targets that a page shows. */
export function targetsOf({ groups }: Pick<PublicPage, 'groups'>): string[] {
  return groups.flatMap(({ targets }) => targets)
}

/** What `public: [shop, api]` stands for. */
export function simplePage(targets: readonly string[]): PublicPage {
  return { path: '/public', groups: [{ targets }], words: {}, language: 'en', incidents: false }
}
