/** One thing that is known of an alert. */
export interface Fact {
  readonly name: string
  readonly value: string
}

/** Where to go on reading. */
export interface Link {
  readonly name: string
  /** http or https. */
  readonly url: string
}

/**
 * The words of a notification. They are plain text whatever the alert holds: no control characters, no half characters. What
 * a channel's own format gives a meaning to (`<` in HTML) is for the channel to escape.
 */
export interface Words {
  /** One line, at most 200 characters. */
  readonly title: string
  /** What there is to say beyond the title, as sentences on separate lines. */
  readonly sentences: readonly string[]
  readonly facts: readonly Fact[]
  readonly links: readonly Link[]
  /** What the failing check printed or answered, at most 2,000 characters; empty where that is not known. */
  readonly output: string
  /** All of it but the title, as text. */
  readonly body: string
  /** The essential on one line, at most 158 characters. */
  readonly short: string
}
