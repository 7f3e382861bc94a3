import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('a command ends without a word when nobody reads on, as with head', async () => {
  const file = join(await tempFolder(), 'targets.yml')
  // More than a pipe holds.
  const line = (n: number): string => `  - { name: "target number ${n}", url: "http://127.0.0.1:9/" }\n`
  await writeFile(file, `targets:\n${Array.from({ length: 2000 }, (_, n) => line(n)).join('')}`)
  const child = spawn(process.execPath, [join(root, 'bin/probity.cjs'), 'check', file])
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  await once(child.stdout, 'readable')
  child.stdout.destroy()
  expect(await once(child, 'close')).toEqual([0, null])
  expect(words).toBe('')
})
