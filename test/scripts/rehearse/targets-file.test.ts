import { describe, expect, it } from 'vitest'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { openTargetsFile } from '../../../scripts/rehearse/targets-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const original = `# what we depend on
targets:
  - https://example.com # short form
  # - a target that is commented out
`

async function openCopy(): Promise<{ path: string; file: Awaited<ReturnType<typeof openTargetsFile>> }> {
  const path = join(await tempFolder(), 'targets.yml')
  await writeFile(path, original)
  return { path, file: await openTargetsFile(path) }
}

describe('the targets file of the rehearsal', () => {
  it('gets another target and keeps its comments', async () => {
    const { path, file } = await openCopy()
    await file.add({ name: 'shop', url: 'http://localhost:1/' })
    const text = await readFile(path, 'utf8')
    expect(parseDocument(text).toJS()).toEqual({
      targets: ['https://example.com', { name: 'shop', url: 'http://localhost:1/' }],
    })
    expect(text).toContain('# what we depend on')
    expect(text).toContain('# - a target that is commented out')
  })

  it('can be broken, and put back exactly as it was', async () => {
    const { path, file } = await openCopy()
    await file.add({ name: 'shop', url: 'http://localhost:1/' })
    await file.breakIt()
    expect(parseDocument(await readFile(path, 'utf8')).errors).not.toEqual([])
    await file.restore()
    expect(await readFile(path, 'utf8')).toBe(original)
  })
})
