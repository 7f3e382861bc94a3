import { open } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openFiles } from '../../src/metrics/open-files.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { atEnd } from '../support/at-end.ts'

const opened = 50

async function openSome(): Promise<void> {
  for (let n = 0; n < opened; n++) {
    const file = await open(import.meta.filename)
    atEnd(() => file.close())
  }
}

it('counts the files that are open', async () => {
  const before = await openFiles()

  await openSome()

  expect(await openFiles()).toBeGreaterThanOrEqual(before + opened - 5)
})

it('is what the metric says', async () => {
  const registry = createRegistry({
    name: 'build_info',
    help: 'Versions.',
    type: 'gauge',
    labels: ['version', 'node_version'],
  })
  await openSome()

  const [, value] = /^process_open_fds (\d+)$/m.exec(await registry.metrics()) ?? []

  expect(Math.abs(Number(value) - (await openFiles()))).toBeLessThan(10)
})
