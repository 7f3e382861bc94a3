import type { z } from 'zod'
import type { InsertionsOf } from '../settings/insertions.ts'
import type { Path } from '../settings/path.ts'
import type { Expanded } from '../settings/secrets.ts'

/** Says what is wrong with a target, at one of its keys. */
export type Report = (path: Path, message: string) => void

/** The keys of settings that the built-in defaults give, so that they are there after merging. */
export type Given<T, K extends keyof T> = { readonly [P in K]-?: NonNullable<T[P]> }

/** What may be shown of a target, and what may not. */
export interface Concealed {
  /** What stands for the address in metrics and pages. */
  readonly instance: string
  /** The target as it was written, without literal credentials. */
  readonly shown: Readonly<Record<string, unknown>>
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
}

/** One kind of check: everything that the configuration knows of it. */
export interface CheckKind<Shape extends z.ZodRawShape, ExpectShape extends z.ZodRawShape, Settings, Check> {
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
  readonly toCheck: (settings: Settings, report: Report, insertionsOf: InsertionsOf) => Check
  /** @param written The settings as they were written, with `${...}` unexpanded, defaults merged in. */
  readonly conceal: (
    written: Readonly<Record<string, unknown>>,
    expand: (text: string) => Expanded,
  ) => Concealed
}
