import type { PageLanguage } from '../../../config/public-page.ts'
import type { PostKind } from '../../../config/posts/post.ts'
import type { DayWords } from '../../pages/parts/days/day-words.ts'
import type { PublicTarget } from '../../status/public-targets.ts'
import type { TargetState } from '../../status/status.ts'

/** All words of a public page in one language. */
export interface Language {
  readonly code: PageLanguage
  /** For dates and numbers: with its own digits, about which Node.js and browsers differ. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** The title of a page without one. */
  readonly status: string
  readonly skip: string
  readonly stale: string
  readonly theme: ThemeWords
  readonly states: Readonly<Record<TargetState, string>>
  /** What is true of all targets, and the state that it stands for. */
  readonly headline: (targets: readonly Pick<PublicTarget, 'state'>[]) => Headline
  readonly days: DayWords
  readonly posts: PostWords
  readonly subscribe: SubscribeWords
}

export interface Headline {
  readonly state: TargetState
  readonly sentence: string
}

/** What stands around posts. */
export interface PostWords {
  readonly kinds: Readonly<Record<PostKind, string>>
  /** Above what has not begun. */
  readonly scheduled: string
  /** Above what is over. */
  readonly past: string
  /** Before the names of targets, with a colon at the end. */
  readonly affects: string
  /** Above when targets were down. */
  readonly outages: string
  /** Of something that has no end yet. */
  readonly ongoing: string
  /** That a target of this name is down, or was. */
  readonly wasDown: (target: string) => string
  /** Before the links to feeds. */
  readonly feeds: string
}

/** Of what visitors see who subscribe to a page by e-mail, and of the mails. */
export interface SubscribeWords {
  /** Above the form. */
  readonly heading: string
  /** Of the field. */
  readonly address: string
  /** Of the button. */
  readonly button: string
  /** What becomes of the address. */
  readonly note: string
  /** Above what an answer says. */
  readonly asked: string
  /** Whatever the address is, so that it says nothing of it. */
  readonly askedNote: string
  readonly invalid: string
  readonly tooMany: string
  readonly unavailable: string
  /** On the page of a link: above its button. */
  readonly confirmHeading: string
  readonly confirmButton: string
  readonly confirmed: string
  readonly leaveHeading: string
  readonly leaveButton: string
  readonly left: string
  readonly linkInvalid: string
  readonly linkHelp: string
  /** The link to the page. */
  readonly back: string
  /** Of the first mail. @param title Of the page. */
  readonly linkSubject: (title: string) => string
  readonly linkText: (title: string) => string
  /** Below the link, for whom did not ask. */
  readonly linkIgnore: string
  /** At the end of each mail: why it came, and before the link that ends it. */
  readonly why: (title: string) => string
  readonly leave: string
  /** Of a subject that stands for more than one news. @param count Of the others. */
  readonly more: (count: number) => string
  readonly down: (target: string) => string
  readonly up: (target: string) => string
}

/** Of the button that changes the colours. */
export interface ThemeWords {
  readonly label: string
  readonly system: string
  readonly light: string
  readonly dark: string
}

/** A moment in the words of a language, in UTC: the browser shows it in the zone of the reader. */
export function momentIn({ locale }: Pick<Language, 'locale'>, at: Date): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(at)
}
