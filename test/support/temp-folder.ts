import { afterAll } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

/** Makes an empty folder that is removed after the suite. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-test-'))
  made.push(folder)
  return folder
}

afterAll(async () => {
  // A process that was killed may have left another behind that still writes.
  await Promise.all(
    made.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })),
  )
})
