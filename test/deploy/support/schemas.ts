import type { Manifest } from './golden.ts'

/** A class of the packages with the schemas. */
type Model = new (data: object) => { validate: () => void }

/**
 * What is wrong with an object according to its schema. The schemas allow keys that they do not know, as the API server
 * does, which then ignores them; here, a key that the validation never looks at is a mistake.
 */
export async function mistakesIn(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind } = manifest
  const Kind = await findKind(apiVersion, kind)
  if (Kind === undefined) return [`there is no ${kind} in ${apiVersion}`]
  const unread = new Set<string>()
  const watched = watch(manifest, '', unread) as InstanceType<Model>
  Object.setPrototypeOf(watched, Kind.prototype as object)
  try {
    watched.validate()
  } catch (error) {
    return [(error as Error).message]
  }
  const unknown = [...unread].filter((path) => kind !== 'AlertmanagerConfig' || !untyped.test(path))
  return [...unknown.map((path) => `${path} is not in the schema`), ...(await mistakesInRoutes(manifest))]
}

/** The API server does not know what routes inside a route consist of: the operator does, as of the first. */
const untyped = /^\/spec\/route\/routes\//

async function mistakesInRoutes(manifest: Manifest): Promise<string[]> {
  if (manifest.kind !== 'AlertmanagerConfig') return []
  const spec = manifest.spec as { route: { routes?: readonly object[] } }
  const inner = (spec.route.routes ?? []).map((route) =>
    mistakesIn({ ...manifest, spec: { ...spec, route } }),
  )
  return (await Promise.all(inner)).flat()
}

/** Only the module of this kind is loaded, because all together take seconds. */
async function findKind(apiVersion: string, kind: string): Promise<Model | undefined> {
  const name = apiVersion.startsWith('monitoring.')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models'
  const module: unknown = await import(/* @vite-ignore */ `${name}/${apiVersion}/${kind}`).catch(
    () => undefined,
  )
  return (module as Readonly<Record<string, Model>> | undefined)?.[kind]
}

/** Notes the path of each key until it is read. */
function watch(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {}
  for (const [key, inner] of Object.entries(value)) {
    const place = `${path}/${key}`
    const watched = watch(inner, place, unread)
    unread.add(place)
    Object.defineProperty(copy, key, {
      enumerable: true,
      configurable: true,
      get() {
        unread.delete(place)
        return watched
      },
    })
  }
  return copy
}
