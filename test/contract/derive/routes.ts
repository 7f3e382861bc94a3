import { runningServices } from './running.ts'

/** What a router of Express knows of one of its rows. */
interface Layer {
  readonly rawPath: string | readonly string[]
  readonly route?: {
    readonly path: string | readonly string[]
    readonly methods: Readonly<Record<string, boolean>>
  }
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** Every route that the services really have, such as `solo GET /api/v1/targets`; ANY is whatever method. */
export async function routes(): Promise<string[]> {
  const services = await runningServices()
  return services.flatMap(({ name, app }) => {
    // The layers of a router are not in the types of Express.
    const { stack } = app.router as unknown as { stack: readonly Layer[] }
    return stack.flatMap((layer) => routesOf(layer, '')).map((route) => `${name} ${route}`)
  })
}

function routesOf({ rawPath, route, handle }: Layer, mounted: string): string[] {
  if (route) {
    const methods = Object.keys(route.methods).map((method) =>
      method === '_all' ? 'ANY' : method.toUpperCase(),
    )
    return methods.flatMap((method) => [route.path].flat().map((path) => `${method} ${mounted}${path}`))
  }
  return [rawPath].flat().flatMap((path) => {
    const below = mounted + (path === '/' ? '' : path)
    return (handle.stack ?? []).flatMap((layer) => routesOf(layer, below))
  })
}
