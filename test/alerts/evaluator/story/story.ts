import type { CallTarget } from '../../../../src/config/target/calls.ts'
import type { Target } from '../../../../src/config/target/target.ts'
import { scrapeInterval } from '../../../../src/config/target/scrape-interval.ts'
import type { FailureReason } from '../../../../src/net/failure.ts'

/** What a check comes to. */
export interface Outcome {
  readonly reason?: FailureReason
  readonly durationSeconds: number
  readonly certificateExpiry?: number
}

/** Calls that end at the same moment, which is one of a scrape. */
export interface Calls {
  readonly at: number
  readonly caller: string
  readonly version: string
  readonly ok?: number
  readonly errors?: number
  /** What they failed with. */
  readonly error?: string
  readonly unknown?: number
  /** Of all of these. */
  readonly slow?: number
}

/** What is configured under a name from a moment on: nothing, where both are absent. */
export interface Edit {
  readonly at: number
  readonly target?: Target
  readonly callTarget?: CallTarget
}

/** Everything that happens under one name. */
export interface Subject {
  readonly name: string
  /** The first to the last. */
  readonly edits: readonly Edit[]
  /** What a check would come to at any moment. */
  readonly outcome: (at: number) => Outcome
  readonly calls: readonly Calls[]
}

/** A time without checks, scrapes and decisions: the process is gone, and forgets what it saw, or it only stands still. */
export interface Pause {
  readonly from: number
  readonly until: number
  readonly restart: boolean
}

/**
 * What happens to a few targets, in seconds from the beginning. Edits and pauses fall on evaluations. What a target depends on comes
 * first.
 */
export interface Story {
  readonly name: string
  readonly length: number
  readonly subjects: readonly Subject[]
  readonly pauses: readonly Pause[]
  /** The wall clock of the machine of solo jumps. */
  readonly jumps: readonly { readonly at: number; readonly seconds: number }[]
}

/** Seconds between two evaluations, and between two scrapes of calls. */
export const evaluation = 15

/** Seconds from an evaluation to the scrapes of calls. No window then begins or ends with a scrape. */
export const scrapePhase = 7.5

/** The same for the scrapes of targets that are checked more often. */
const shortPhase = 0.5

/** Seconds that divide the time of every scrape of these stories: the fewer there are, the longer the series in which they stand. */
export function stepOf(stories: readonly Story[]): number {
  const edits = stories.flatMap(({ subjects }) => subjects.flatMap(({ edits }) => edits))
  return edits.some(({ target }) => target && target.interval < evaluation) ? shortPhase : scrapePhase
}

/** A scrape of a target, and the check that it shows. */
export interface Scrape {
  readonly at: number
  readonly edit: Edit & { readonly target: Target }
  /** Absent where nobody answers. */
  readonly shown?: Outcome & { readonly at: number }
  /** Whether that check was made for this scrape. */
  readonly checked: boolean
}

/** A stretch in which one edit is in force and the process runs, or does not. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly edit: Edit
  readonly paused: boolean
}

function stretches({ edits }: Subject, { pauses, length }: Story): Stretch[] {
  const borders = [
    ...edits.map(({ at }) => at),
    ...pauses.flatMap(({ from, until }) => [from, until]),
    length,
  ]
  const sorted = [...new Set(borders)].filter((at) => at <= length).sort((a, b) => a - b)
  return sorted.slice(0, -1).flatMap((from, index): Stretch[] => {
    const edit = edits.findLast(({ at }) => at <= from)
    const paused = pauses.some((pause) => from >= pause.from && from < pause.until)
    return edit ? [{ from, until: sorted[index + 1]!, edit, paused }] : []
  })
}

/** Every scrape of a target: the first of a stretch, and as many as its interval takes. */
export function scrapesOf(subject: Subject, story: Story): Scrape[] {
  return stretches(subject, story).flatMap(({ from, until, edit, paused }) => {
    const { target } = edit
    if (!target) return []
    const every = scrapeInterval(target.interval)
    const perCheck = Math.round(target.interval / every)
    const phase = every < evaluation ? shortPhase : scrapePhase
    const scrapes: Scrape[] = []
    let shown: Scrape['shown']
    for (let at = from + phase, index = 0; at < until; at += every, index++) {
      const checked = !paused && index % perCheck === 0
      if (checked) shown = { ...subject.outcome(at), at }
      scrapes.push({ at, edit: { ...edit, target }, checked, ...(shown && { shown }) })
    }
    return scrapes
  })
}

/** Whether the process runs. */
export function runs({ pauses }: Story, at: number): boolean {
  return !pauses.some(({ from, until }) => at >= from && at < until)
}

/** The same story of other names, so that many can be told at once. */
export function renamed(story: Story, prefix: string): Story {
  const named = (name: string): string => `${prefix} ${name}`
  return {
    ...story,
    subjects: story.subjects.map((subject) => ({
      ...subject,
      name: named(subject.name),
      edits: subject.edits.map(({ at, target, callTarget }) => ({
        at,
        ...(target && {
          target: {
            ...target,
            name: named(target.name),
            ...(target.dependsOn && { dependsOn: target.dependsOn.map(named) }),
          },
        }),
        ...(callTarget && { callTarget: { ...callTarget, name: named(callTarget.name) } }),
      })),
    })),
  }
}
