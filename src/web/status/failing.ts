/** The way to a target, as a program of the system has found it. */
export interface TracedRoute {
  readonly at: Date
  readonly address: string
  /** How far it leads, in one sentence. */
  readonly words: string
  /** What the program has printed. */
  readonly lines: readonly string[]
}

/** What is known of a target that fails, besides its own checks. */
export interface KnownOfFailing {
  /** What it shares with other targets that fail, and with none that works: `all 7 that fail share address 203.0.113.7, and none that works does`. */
  readonly shared?: string | undefined
  /** The way to it when its checks began to fail; absent while they succeed, and without `traceroute`. */
  readonly route?: TracedRoute | undefined
}
