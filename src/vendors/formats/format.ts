import type { VendorSays } from '../said.ts'

/** What a document is read with. */
export interface ReadOptions {
  /** Names of components, whatever their case. Empty: everything. */
  readonly components: readonly string[]
  /** Unix time in milliseconds. */
  readonly now: number
}

/** One format in which vendors publish their state. */
export interface StatusReader {
  /** Whether a document that was parsed looks like this format. */
  readonly recognizes: (document: unknown) => boolean
  /**
   * What it says.
   *
   * @throws VendorFormatError or ZodError when it is not in this format, or has not what was asked for.
   */
  readonly read: (document: unknown, options: ReadOptions) => VendorSays
}

/** Whether something is a mapping that has a key. */
export function has(document: unknown, key: string): boolean {
  return typeof document === 'object' && document !== null && Object.hasOwn(document, key)
}
