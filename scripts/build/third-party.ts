import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A package of others that is a part of what is shipped. */
export interface ShippedPackage {
  readonly name: string
  readonly version: string
  readonly licence: string
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
}

/** The innermost package that a bundled file belongs to. */
const packageFolder = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest

/** What a package says of itself. */
async function describe(folder: string): Promise<ShippedPackage> {
  const { name, version, license } = await readManifest(folder)
  return { name, version, licence: license ?? 'unknown' }
}

/**
 * Writes which packages the bundle contains (`packages.json`), and their licences (`licences.txt`): most of them ask for
 * their text to go wherever their code goes.
 *
 * @param inputs The files of the bundle, from the root.
 */
export async function writeThirdParty(root: string, inputs: Iterable<string>, target: string): Promise<void> {
  const folders = new Set([...inputs].flatMap((input) => packageFolder.exec(input)?.[0] ?? []))
  const packages = await Promise.all(
    [...folders].map(async (folder) => {
      const path = join(root, folder)
      const texts = (await readdir(path)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort()
      const text = await Promise.all(texts.map((name) => readFile(join(path, name), 'utf8')))
      const all = text.map((one) => one.trim()).join('\n\n')
      return {
        ...(await describe(path)),
        text: all === '' ? '(The package has no file with its text.)' : all,
      }
    }),
  )
  packages.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
  const rows = packages.map(({ name, version, licence }) => ({ name, version, licence }))
  await writeFile(join(target, 'packages.json'), `${JSON.stringify(rows, null, 1)}\n`)
  const rule = '-'.repeat(80)
  const sections = packages.map(
    ({ name, version, licence, text }) => `${rule}\n${name} ${version} (${licence})\n\n${text}\n`,
  )
  await writeFile(join(target, 'licences.txt'), sections.join('\n'))
}

/**
 * All packages of others in an installation: those of the bundle, and those that it is installed with.
 *
 * @throws If nothing was built.
 */
export async function shippedPackages(root: string): Promise<ShippedPackage[]> {
  const list = join(root, 'dist/packages.json')
  if (!existsSync(list)) throw new Error('dist/packages.json does not exist: run "npm run build" first')
  const bundled = JSON.parse(await readFile(list, 'utf8')) as ShippedPackage[]
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; link?: boolean }>
  }
  const installed = Object.entries(lock.packages)
    .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && dev !== true && link !== true)
    .map(([path]) => describe(join(root, path)))
  const all = [...bundled, ...(await Promise.all(installed))]
  const byName = new Map(all.map((one) => [`${one.name} ${one.version}`, one]))
  return [...byName.keys()].sort().map((key) => byName.get(key)!)
}
