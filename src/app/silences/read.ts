import type { Silence } from '../../alerts/silences/silence.ts'
import { parseSilences } from '../../alerts/silences/state.ts'
import { readRegularFile } from '../../lib/io/regular-file.ts'

/** The silences that a solo keeps in a folder, which may be running. None where nobody can read them. */
export async function readSilences(path: string): Promise<readonly Silence[]> {
  try {
    return parseSilences(JSON.parse(await readRegularFile(path)))?.silences ?? []
  } catch {
    return []
  }
}
