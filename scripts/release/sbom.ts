import type { ShippedPackage } from '../build/third-party.ts'

interface Component {
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly scope?: string
}

/** What `npm sbom --sbom-format=cyclonedx` prints, where it is read. */
export interface Bom {
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/** A package's name and version as they stand in its purl. */
const keyOf = ({ purl }: Component): string => decodeURIComponent(purl.replace(/^pkg:npm\//, ''))

/**
 * The bill of materials of what is shipped. npm knows what is installed, but not what the bundle contains: for it, those
 * packages are development dependencies.
 *
 * @param bom Of everything, development dependencies included.
 * @throws If a shipped package is not in it.
 */
export function shippedBom(bom: Bom, shipped: readonly ShippedPackage[], revision: string): object {
  const wanted = new Set(shipped.map(({ name, version }) => `${name}@${version}`))
  const components = bom.components.filter((component) => wanted.has(keyOf(component)))
  const found = new Set(components.map(keyOf))
  const missing = [...wanted].filter((key) => !found.has(key))
  if (missing.length > 0)
    throw new Error(`npm sbom does not list ${missing.join(', ')}: run "npm ci" and build again`)
  const root = bom.metadata.component['bom-ref']
  const refs = new Set([root, ...components.map((component) => component['bom-ref'])])
  return {
    ...bom,
    metadata: {
      ...bom.metadata,
      component: { ...bom.metadata.component, name: '@probity-monitor/probity', type: 'application' },
      properties: [{ name: 'probity:revision', value: revision }],
    },
    components: components.map((component) => ({ ...component, scope: 'required' })),
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  }
}
