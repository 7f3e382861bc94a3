/** Something that has changed at a moment: a deployment, a release, a new version of a caller. */
export interface Mark {
  readonly at: Date
  /** `checkout 1.4.2`: one line, at most 200 characters. */
  readonly title: string
  /** Who said it: `api`, `github`, `gitlab` or `calls`. */
  readonly source: string
  readonly url?: string
  /** The target that it is about. */
  readonly target?: string
  /** The labels of the targets that it is about; with neither, it is about all of them. */
  readonly labels?: Readonly<Record<string, string>>
}

/** The last change before an incident. */
export interface ChangeBefore {
  readonly title: string
  /** From the change to the first failed check. */
  readonly seconds: number
}

interface Marked {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly was?: readonly string[]
}

/** Milliseconds before an incident within which a change is worth a word. */
export const beforeMs = 3_600_000

/** Whether a mark is about a target. */
export function isAbout({ target, labels }: Mark, marked: Marked): boolean {
  if (target !== undefined && target !== marked.name && marked.was?.includes(target) !== true) return false
  return Object.entries(labels ?? {}).every(([name, value]) => marked.labels[name] === value)
}

/** The last change of a target in the hour before a moment. It says when, not why. */
export function changeBefore(marks: readonly Mark[], target: Marked, moment: Date): ChangeBefore | undefined {
  const at = moment.getTime()
  let newest: Mark | undefined
  for (const mark of marks) {
    const before = at - mark.at.getTime()
    if (before < 0 || before > beforeMs || !isAbout(mark, target)) continue
    if (!newest || mark.at > newest.at) newest = mark
  }
  return newest && { title: newest.title, seconds: (at - newest.at.getTime()) / 1000 }
}
