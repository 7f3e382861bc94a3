import { commandKind } from './command.ts'
import { httpKind } from './http.ts'

/** Every kind of check. A new kind is a new file and a row here. */
export const kinds = [httpKind, commandKind] as const
