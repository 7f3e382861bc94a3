import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Router, type Response } from 'express'
import { ProbityError } from '../../lib/errors.ts'

/** What pages load in addition to themselves: nothing comes from another host. */
export interface Assets {
  /** The folder of this version below `assets/`: a page that names it can be cached forever. */
  readonly folder: string
  /** Content by name. */
  readonly files: ReadonlyMap<string, Buffer>
}

export interface AssetsPlace {
  /** The folder of the compiled scripts of `src/web`. Default: where `npm run build` puts them. */
  readonly scripts?: string
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Seconds: a year, the most that caches take. */
const maxAge = 31_536_000

/** The same from src/ and from dist/, which are equally deep. */
const built = join(import.meta.dirname, '../../../dist/web')

/** The folders of it that a page may load from: imports between them are relative, so their names stay. */
const scriptFolders = ['browser', 'shared'] as const
const own = join(import.meta.dirname, '../assets')

/**
 * Reads what pages load.
 *
 * @throws ProbityError `ASSETS_MISSING` when the scripts are not built.
 */
export function readAssets({ scripts = built }: AssetsPlace = {}): Assets {
  const resolve = createRequire(import.meta.url).resolve
  const files = new Map([
    ...filesOf(own, /\.(css|svg)$/),
    ...scriptFolders.flatMap((folder) =>
      filesOf(join(scripts, folder), /\.js$/).map(
        ([name, content]) => [`${folder}/${name}`, content] as const,
      ),
    ),
    ['uplot.js', readFileSync(resolve('uplot/dist/uPlot.iife.min.js'))] as const,
    ['uplot.css', readFileSync(resolve('uplot/dist/uPlot.min.css'))] as const,
  ])
  const hash = createHash('sha256')
  for (const [name, content] of files) hash.update(name).update('\0').update(content).update('\0')
  return { folder: hash.digest('hex').slice(0, 12), files }
}

function filesOf(folder: string, names: RegExp): (readonly [name: string, content: Buffer])[] {
  try {
    return readdirSync(folder)
      .filter((name) => names.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))] as const)
  } catch (cause) {
    throw new ProbityError('ASSETS_MISSING', `cannot read ${folder}: run npm run build`, { cause })
  }
}

/** `GET /assets/FOLDER/NAME`, where a script's name starts with its folder. Another version's folder is not found: its page is older than this process. */
export function assetsRoute(assets: () => Assets): Router {
  return Router().get('/assets/:folder/*name', (request, response, next) => {
    const { folder, name } = request.params
    if (!sendAsset(assets(), folder, name, response)) next()
  })
}

/** @returns Whether it was sent: another version's folder is not found. */
export function sendAsset(
  { folder, files }: Assets,
  asked: string,
  name: readonly string[],
  response: Response,
): boolean {
  const content = asked === folder ? files.get(name.join('/')) : undefined
  if (!content) return false
  response.set('Content-Type', types[name.at(-1)?.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
  response.set('Cache-Control', `public, max-age=${maxAge}, immutable`)
  response.send(content)
  return true
}

/** What was built, read when it is first asked for. */
export function builtAssets(): () => Assets {
  let read: Assets | undefined
  return () => (read ??= readAssets())
}
