import type { Path } from '../../settings/path.ts'

/** Sets a key to a text that may hold `${...}`. @param secret The name of the variable, if the text is a secret. */
export type Put = (ours: Path, text: string | undefined, at: Path, secret?: string) => void
