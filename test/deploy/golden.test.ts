import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { goldenFile } from './support/golden.ts'
import { build, findBuilder, overlays, summarize } from './support/kustomize.ts'

const builder = findBuilder()

// Debian has kustomize only in unstable, so that CI does not demand it: everything else is proven with the golden files.
describe.skipIf(builder === undefined)('kustomize makes the golden file', () => {
  it.each(overlays)('of deploy/kubernetes/%s (else: npm run golden)', (overlay) => {
    expect(summarize(build(builder!, overlay))).toBe(readFileSync(goldenFile(overlay), 'utf8'))
  })
})
