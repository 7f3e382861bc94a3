import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { readRecipe, recipeNames } from './page.ts'
import { standIns } from './stand-ins.ts'
import { tryTarget } from '../support/try-target.ts'

describe.each(Object.entries(standIns))('docs/recipes/%s.md', (name, start) => {
  const page = readRecipe(name)

  it('has targets that succeed, and one that fails as the page shows', async () => {
    const standIn = await start()
    expect(page.tried.length).toBeGreaterThan(0)
    for (const target of page.tried)
      expect(await tryTarget(page.targets, target, standIn)).toContain(`${target}  ✓ as expected  `)
    standIn.fail()
    const [shown = ''] = page.blocks('').filter((block) => block.includes('✗ not as expected'))
    const failing = shown.split(' ')[0] ?? ''
    const printed = await tryTarget(page.targets, failing, standIn)
    const milliseconds = /[\d.]+ ms/
    expect(printed.replace(milliseconds, 'N ms')).toContain(shown.replace(milliseconds, 'N ms'))
  })
})

describe('docs/recipes', () => {
  const index = readFileSync(join(root, 'docs/recipes/README.md'), 'utf8')

  it.each(recipeNames)('%s.md is in the list, and says what to change next', (name) => {
    const { text } = readRecipe(name)
    expect(index).toContain(`](${name}.md)`)
    expect(text).toMatch(/^# Recipe: .+\n\n\S/)
    expect(text).toContain('\n**Change next**: ')
  })
})
