import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/stack/shipped-files.ts'
import { parseManifests, readGolden, type Manifest } from './support/golden.ts'
import { overlays } from './support/kustomize.ts'
import { mistakesIn } from './support/schemas.ts'

const shown = ({ kind, metadata: { name } }: Manifest): string => `${kind} ${name}`

describe.each(overlays)('deploy/kubernetes/%s', (overlay) => {
  it.each(readGolden(overlay).map((manifest) => [shown(manifest), manifest] as const))(
    'has a %s that the schema allows',
    async (_name, manifest) => {
      expect(await mistakesIn(manifest)).toEqual([])
    },
  )
})

describe('the validation', () => {
  const rule = parseManifests(
    readFileSync(join(root, 'deploy/kubernetes/base/operator/prometheus-rule.yaml'), 'utf8'),
  )[0]!

  it('reads the rules of prometheus-operator', async () => {
    expect(await mistakesIn(rule)).toEqual([])
  })

  const container = { name: 'exporter', image: 'probity:local' }
  const deployment = (spec: object, one: object = container): Manifest => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'exporter' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [one] } },
      ...spec,
    },
  })

  it.each([
    ['a value of the wrong type', deployment({ replicas: '2' }), 'data/spec/replicas must be integer'],
    [
      'a key that is missing',
      deployment({ selector: undefined }),
      'data/spec must have required property selector',
    ],
    ['a misspelt key', deployment({ replica: 2 }), '/spec/replica is not in the schema'],
    [
      'a misspelt key of a container',
      deployment({}, { ...container, readinesProbe: {} }),
      '/spec/template/spec/containers/0/readinesProbe is not in the schema',
    ],
    ['an unknown kind', { ...deployment({}), kind: 'Deploy' }, 'there is no Deploy in apps/v1'],
  ])('notices %s', async (_name, manifest, mistake) => {
    expect(await mistakesIn(manifest)).toEqual([mistake])
  })
})
