/** A silence as the page and /api/v1 show it. */
export interface ShownSilence {
  readonly id: string
  /** The matchers, in the syntax of Alertmanager: `team="shop", severity!="critical"`. */
  readonly match: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly createdBy: string
  /** Why. Empty where nobody said it. */
  readonly comment: string
  /** The alert that somebody takes care of. Absent: it is about whatever matches. */
  readonly acknowledges?: { readonly alertname: string; readonly target: string }
}

/** An alert that fires. */
export interface ShownAlert {
  readonly alertname: string
  readonly target: string
  readonly severity: string
  readonly summary: string
  readonly startsAt: Date
  /** The ids of the silences because of which nobody is notified. */
  readonly silencedBy: readonly string[]
}

/** What holds back the messages about a target: a silence of all its alerts, or of one that fires. */
export interface SilencedMark {
  readonly until: Date
  readonly by: string
  /** Whether somebody takes care of it. */
  readonly acknowledged: boolean
}

/** What is silenced of one target. */
export interface TargetSilences {
  readonly silences: readonly ShownSilence[]
  /** Those of its alerts that fire. */
  readonly alerts: readonly ShownAlert[]
}

export interface SilenceRequest {
  readonly match: string
  readonly for?: string | undefined
  readonly until?: string | undefined
  readonly comment?: string | undefined
}

export interface AcknowledgeRequest {
  readonly target: string
  readonly alertname?: string | undefined
  readonly for?: string | undefined
  readonly comment?: string | undefined
}

/** The silences of this process, or of its Alertmanager. What asks Alertmanager throws `ALERTMANAGER_UNREACHABLE`. */
export interface Silencing {
  /** Those that are in force or will be, the one that ends first before the others. */
  readonly list: () => Promise<readonly ShownSilence[]>
  readonly ofTarget: (name: string) => Promise<TargetSilences>
  /** By the names of the targets. Never rejects: empty where it is not known. */
  readonly marks: () => Promise<ReadonlyMap<string, SilencedMark>>
  /** @throws ProbityError What is wrong with the request, or why it cannot be done now. */
  readonly silence: (request: SilenceRequest, by: string) => Promise<readonly ShownSilence[]>
  readonly acknowledge: (request: AcknowledgeRequest, by: string) => Promise<readonly ShownSilence[]>
  /** @throws ProbityError `SILENCE_UNKNOWN` too. */
  readonly end: (id: string, by: string) => Promise<ShownSilence>
}

/** What the link of a message would do. */
export interface LinkedAction {
  /** What the button does, in words. */
  readonly words: string
  readonly alert: ShownAlert
}

/** The links of messages. */
export interface LinkedActions {
  /** @throws ProbityError `LINK_INVALID`, with words for the page; `ALERTMANAGER_UNREACHABLE` */
  readonly look: (token: string) => Promise<LinkedAction>
  /** Does it. @param by The name that somebody has given. @throws ProbityError Why not. */
  readonly act: (token: string, by: string) => Promise<void>
}
