/**
 * Bundles the program into `dist`, with the packages that it imports: a part of `npm run build`. To find and read hundreds
 * of small modules takes longer than to run them. Commands and probers stay separate files, loaded when needed.
 */
import { execFileSync } from 'node:child_process'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild'
import { writeThirdParty } from './build/third-party.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'src')
const target = join(root, 'dist')

/** What is read at run time. It has the place that it has in src, as do the programs below. */
const copied = ['history/migrations', 'web/assets']

/** What `tsc -p src/web/browser` writes. */
const written = 'web'

/** What runs in a separate thread or process. */
const programs = [
  'history/embedded/worker',
  'checks/http/body/worker',
  'exporter/threads/worker',
  'access/passwords/worker',
  'checks/machine/browser/runner',
]

/** What finds its own files next to its code, is there only while developing, or has tables that are hardly ever needed. */
const external = ['@electric-sql/pglite', 'pg-native', 'tsx', 'iconv-lite', 'mime-db']

/** zod brings its messages in fifty languages; ours are written here. */
const oneLanguage: Plugin = {
  name: 'one language',
  setup(bundler) {
    bundler.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, importer, kind, resolveDir }) =>
      importer.includes('/zod/')
        ? bundler.resolve(path.replace('index.js', 'en.js'), { kind, resolveDir })
        : undefined,
    )
  },
}

/** Files find others by where they are themselves. In a bundle, that must still be the place that they have in src. */
function placesSeenFrom(folder: string): Plugin {
  return {
    name: 'places',
    setup(bundler) {
      bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        if (!text.includes('import.meta.')) return undefined
        const place = join(target, relative(source, path)).replace(/ts$/, 'js')
        const url = `new URL(${JSON.stringify(relative(folder, place))}, import.meta.url).href`
        const directory = `(import.meta.dirname + ${JSON.stringify(`/${relative(folder, dirname(place))}`)})`
        const contents = text.replaceAll('import.meta.url', url).replaceAll('import.meta.dirname', directory)
        return { contents, loader: 'ts' }
      })
    },
  }
}

/** @returns The files that were read and written. */
async function bundle(folder: string, options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: root,
    outdir: folder,
    plugins: [placesSeenFrom(folder), oneLanguage],
    external,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // Names are kept: logs and stack traces show them.
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    logLevel: 'warning',
    metafile: true,
    // Packages in CommonJS ask for the modules of Node.js in their way.
    banner: {
      js: "import{createRequire as createRequireOf}from'node:module';const require=createRequireOf(import.meta.url);",
    },
  })
  return metafile
}

/** The commit that is built; a source without a history has none. */
function revision(): string {
  const given = process.env['PROBITY_REVISION'] ?? ''
  if (given !== '') return given
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  } catch {
    return 'unknown'
  }
}

const bundles = await Promise.all([
  bundle(target, { entryPoints: [join(source, 'cli.ts')], splitting: true }),
  ...programs.map((program) =>
    bundle(join(target, dirname(program)), { entryPoints: [join(source, `${program}.ts`)] }),
  ),
])

// What is no longer built goes. What is the same stays, because a running program may still load it.
const current = new Set(
  bundles.flatMap(({ outputs }) => Object.keys(outputs)).map((file) => join(root, file)),
)
for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  const isKept = entry.isDirectory() || current.has(path) || path.startsWith(join(target, written, '/'))
  if (!isKept) await rm(path)
}
await writeFile(join(target, 'revision'), revision())
await writeThirdParty(
  root,
  bundles.flatMap(({ inputs }) => Object.keys(inputs)),
  target,
)
for (const folder of copied) {
  await rm(join(target, folder), { recursive: true, force: true })
  await cp(join(source, folder), join(target, folder), { recursive: true })
}
