import type { z } from 'zod'

/** What is known of one thing that was discovered, by the names that Prometheus uses. */
export type Labels = Readonly<Record<string, string>>

/** A source that can be asked. */
export interface OpenedSource {
  /** As it may be shown. */
  readonly shown: string
  /**
   * Asks once, for everything that there is now.
   *
   * @throws Error in words for a person when it cannot be asked, or when its answer cannot be read.
   */
  readonly ask: (signal: AbortSignal) => Promise<readonly Labels[]>
}

/** What a source may need to know of the configuration that names it. */
export interface Surroundings {
  /** Absolute: where relative paths start. */
  readonly directory: string
}

/** One kind of source: all that is known of it. */
export interface SourceKind {
  /** The key of an entry that selects the kind. */
  readonly key: string
  /** All keys that only it has; all optional. */
  readonly shape: z.ZodRawShape
  /** Whether it reads what is on this machine, so that a configuration from a URL may not have it. */
  readonly local: boolean
  /** @param settings What was read by its shape; the key that selects it is there. */
  readonly open: (settings: Readonly<Record<string, unknown>>, surroundings: Surroundings) => OpenedSource
}

/** Makes the row of a kind: what `open` takes is what its shape makes. */
export function defineSource<S extends z.ZodRawShape>(
  row: Omit<SourceKind, 'shape' | 'open'> & {
    readonly shape: S
    readonly open: (
      settings: { readonly [K in keyof S]: z.output<S[K]> },
      surroundings: Surroundings,
    ) => OpenedSource
  },
): SourceKind {
  // The settings that it gets were read by this very shape.
  return row as unknown as SourceKind
}
