import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../src/app/openapi.ts'

const root = join(import.meta.dirname, '../..')
const file: unknown = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'))

/** The notifier is a separate program: its routes are in alerts, as is the one for the peer of a solo. */
const folders = ['app', 'alerts/peers', 'calls', 'exporter', 'web', 'commands']

/** `GET /api/v1/targets/{name}` of every route under /api/v1 that the sources have. */
function routesOfSources(): string[] {
  const texts = folders.flatMap((folder) =>
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => withPaths(readFileSync(join(root, 'src', folder, name), 'utf8'))),
  )
  return texts.flatMap((text) =>
    [...text.matchAll(/\.(get|post|put|patch|delete|all)\(\s*(\[[^\]]*\]|'[^']*')/g)].flatMap(
      ([, method = '', given = '']) =>
        [...given.matchAll(/'((?:\/public)?\/api\/v1\/[^']*)'/g)].flatMap(([, path = '']) =>
          // Whatever else is sent to a route for all methods is refused.
          (method === 'all' ? ['get', 'post'] : [method]).map(
            (each) => `${each.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`,
          ),
        ),
    ),
  )
}

/** A route may take its path from its description, which stands in the same file. */
function withPaths(text: string): string {
  const path = /\bpath: ('[^']*')/.exec(text)?.[1]
  // Those of public pages are below the path of each page; the first is described.
  const ofPages = text.replaceAll(/publicPaths\('([^']*)'\)/g, "'/public$1'")
  return path === undefined ? ofPages : ofPages.replaceAll(/\w+Operation\.path/g, path)
}

describe('docs/openapi.json', () => {
  it('is what the sources give', () => {
    expect(file).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
  })

  it('has every route under /api/v1 of the exporter and of solo, and no other', () => {
    const { paths } = file as { paths: Record<string, object> }
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const routes = routesOfSources()
    expect(routes).toContain('GET /api/v1/targets/{name}/series')
    expect(routes).toContain('POST /api/v1/calls')
    expect(documented.sort()).toEqual(routes.sort())
  })

  it('refers to nothing that is not in it', () => {
    const { components } = file as { components: { schemas: Record<string, unknown> } }
    const names = [...JSON.stringify(file).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name = '']) => name,
    )
    expect(names.length).toBeGreaterThan(10)
    expect(names.filter((name) => !Object.hasOwn(components.schemas, name))).toEqual([])
  })
})
