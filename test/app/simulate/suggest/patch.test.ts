import { expect, it } from 'vitest'
import { makePatch } from '../../../../src/app/simulate/suggest/patch.ts'
import type { Proposal } from '../../../../src/app/simulate/suggest/proposals.ts'
import { parseConfig } from '../../../../src/config/load/load.ts'
import { foreignFormats } from '../../../../src/foreign/index.ts'
import type { Source } from '../../../../src/settings/sources.ts'

function patchOf(files: Readonly<Record<string, string>>, suggestions: Readonly<Record<string, Proposal>>) {
  const sources = Object.entries(files).map(([name, text]) => ({ file: `/etc/probity/${name}`, text }))
  const read = (some: readonly Source[]) =>
    parseConfig(
      { sources: some, directory: '/etc/probity', files: [] },
      { env: {}, foreign: foreignFormats, origins: true },
    )
  return makePatch({
    config: read(sources),
    sources,
    suggestions: Object.entries(suggestions).map(([target, proposal]) => ({ target, proposal })),
    read,
    folder: '/etc',
  })
}

const four: Proposal = { alertAfter: 4 }

it('each file that changes has its diff, with its name from the working folder', () => {
  const { text, left } = patchOf(
    {
      'a.yml': 'targets:\n  - name: a\n    url: http://a # ours\n',
      'b.yml': 'targets:\n  - http://b\n',
      'c.yml': 'targets: [http://c]\n',
    },
    { a: { alertAfter: 4, maxErrorRatio: 0.1 }, 'http://c': four },
  )
  expect(left).toEqual([])
  expect(text).toBe(`--- probity/a.yml
+++ probity/a.yml
@@ -1,3 +1,5 @@
 targets:
   - name: a
     url: http://a # ours
+    alert_after: 4
+    expect: { max_error_rate: 10% }
--- probity/c.yml
+++ probity/c.yml
@@ -1,1 +1,1 @@
-targets: [http://c]
+targets: [{ name: http://c, url: http://c, alert_after: 4 }]
`)
})

const notOurs: readonly (readonly [what: string, text: string, target: string, proposal: Proposal])[] = [
  ['a list of Prometheus', '- targets: [http://a]\n- targets: [http://b]\n', 'http://a', four],
  [
    'expectations that come from an alias',
    'x-e: &e { status: 200 }\ntargets:\n  - { name: a, url: http://a, expect: *e }\n  - http://b\n',
    'a',
    { maxLatency: 2 },
  ],
  [
    // An own `expect:` would hide the status that is merged.
    'expectations that come from a merge key',
    'x-e: &e { expect: { status: 201 } }\ntargets:\n  - { <<: *e, name: a, url: http://a }\n  - http://b\n',
    'a',
    { maxLatency: 2 },
  ],
  [
    'a value that two targets share',
    'targets:\n  - &a { name: a, url: http://a, alert_after: 3 }\n  - { <<: *a, name: b, url: http://b/x }\n  - http://b\n',
    'a',
    four,
  ],
]

it.each(notOurs)('%s is left out, and the others are in it', (_what, text, target, proposal) => {
  const { text: diff, left } = patchOf({ 'a.yml': text }, { [target]: proposal, 'http://b': four })
  expect(left).toContain(target)
  expect(diff === '').toBe(left.includes('http://b'))
})

it('targets that are written in none of the files are left out', () => {
  expect(patchOf({ 'a.yml': 'targets: [http://a]\n' }, { gone: four })).toEqual({ text: '', left: ['gone'] })
})
