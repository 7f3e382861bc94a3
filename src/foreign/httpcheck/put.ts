import type { Path } from '../../settings/path.ts'

/** Sets a key to a text that may hold `${...}`. @param secret Its name, if it is one; a reference is none. */
export type Put = (ours: Path, text: string | undefined, at: Path, secret?: string) => void
