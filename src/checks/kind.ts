import type { z } from 'zod'
import type { InsertionsOf } from '../settings/insertions.ts'
import type { Path } from '../settings/path.ts'
import type { Expanded } from '../settings/secrets.ts'
import type { Fact } from './fact.ts'
import type { ProbeMetric } from './metric.ts'
import type { Prober, ProbeResult } from './result.ts'

/** Says what is wrong with a target, at one of its keys. */
export type Report = (path: Path, message: string) => void

/** The keys of settings that the built-in defaults give, so that they are there after merging. */
export type Given<T, K extends keyof T> = { readonly [P in K]-?: NonNullable<T[P]> }

/** Reads a file of the folder of the configuration. @throws Error with words for people. */
export type ReadText = (file: string) => string

/** The absolute path of a file of the folder of the configuration. @throws Error with words for people where there is none. */
export type PathOf = (file: string) => string

/** What may be shown of a target, and what may not. */
export interface Concealed {
  /** What stands for the address in metrics and pages. */
  readonly instance: string
  /** The target as it was written, without literal credentials. */
  readonly shown: Readonly<Record<string, unknown>>
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
}

/** What the configuration knows of a kind of check. */
export interface CheckSchema<
  Shape extends z.ZodRawShape,
  ExpectShape extends z.ZodRawShape,
  Settings,
  Check,
> {
  /** The key of a target that selects the kind, and that neither `defaults` nor a module may have. */
  readonly key: string
  /** The kind's keys of a target; all optional. */
  readonly shape: Shape
  /** The kind's keys of `expect:`; all optional. */
  readonly expectShape: ExpectShape
  /** Keys whose text is a script: a shell has the environment itself, so that `${` is left alone. Default: none. */
  readonly shellKeys?: readonly string[]
  /** Whether it reaches into the machine that probes, so that a configuration from a URL may not have it. Default: no. */
  readonly local?: boolean
  /** What holds where nothing is written, in the words of a file. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** Makes the check of validated settings, defaults merged in. */
  readonly toCheck: (
    settings: Settings,
    report: Report,
    insertionsOf: InsertionsOf,
    readText: ReadText,
    pathOf: PathOf,
  ) => Check
  /** @param written The settings as they were written, with `${...}` unexpanded, defaults merged in. */
  readonly conceal: (
    written: Readonly<Record<string, unknown>>,
    expand: (text: string) => Expanded,
  ) => Concealed
}

/** What a kind of check does, and what is made of what it has seen. */
interface CheckWork<Check extends { readonly kind: string }> {
  /** Its name in metrics and in the API. */
  readonly kind: Check['kind']
  /** What is checked, in a few words: `docs/checks.md` shows it. */
  readonly summary: string
  /** The programs that its tests run it against: `docs/checks.md` shows it. */
  readonly triedAgainst: string
  /** How much it takes in, in a few words: `docs/checks.md` shows it. */
  readonly limits: string
  /** Whether blackbox_exporter has such a prober: then `src/foreign/blackbox/probers.ts` translates its settings. */
  readonly inBlackbox: boolean
  /** What an answer of /probe holds on top of what every kind has. A family may belong to several kinds. */
  readonly metrics: readonly ProbeMetric[]
  /** What a person is shown of a result, on the status page and by `probity probe`. Empty where nothing was seen. */
  readonly facts: (result: ProbeResult) => readonly Fact[]
  /** Loads the prober, when it is first needed. */
  readonly probe: () => Promise<Prober<Check>>
  /**
   * Whether the prober needs nothing that this process keeps between checks or shares among them, so that a thread may make the
   * probe. Default: no.
   */
  readonly standsAlone?: (check: Check) => boolean
}

/** One kind of check: all that is known of it. */
export type CheckKind<
  Shape extends z.ZodRawShape,
  ExpectShape extends z.ZodRawShape,
  Settings,
  Check extends { readonly kind: string },
> = CheckSchema<Shape, ExpectShape, Settings, Check> & CheckWork<Check>

/** Makes the row of a kind: what its prober takes is what its schema makes. */
export function defineKind<
  Shape extends z.ZodRawShape,
  ExpectShape extends z.ZodRawShape,
  Settings,
  Check extends { readonly kind: string },
>(
  schema: CheckSchema<Shape, ExpectShape, Settings, Check>,
  work: CheckWork<Check>,
): CheckKind<Shape, ExpectShape, Settings, Check> {
  let probe: Promise<Prober<Check>> | undefined
  return { ...schema, ...work, probe: () => (probe ??= work.probe()) }
}
