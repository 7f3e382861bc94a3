import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tempFolder } from '../../support/temp-folder.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const tsc = join(root, 'node_modules/typescript/bin/tsc')
/** The last version that knows the module resolution of old programs. */
const oldTsc = join(root, 'node_modules/@typescript/typescript6/bin/tsc6')

/** Builds the client as its own build does, and installs it into a new program's folder. */
export async function installedClient(): Promise<string> {
  const folder = await tempFolder()
  const client = join(folder, 'node_modules/probity-client')
  const build = (format: string): Promise<unknown> =>
    run(process.execPath, [
      ...[tsc, '-p', join(root, `client/tsconfig.${format}.json`), '--outDir', join(client, 'dist', format)],
      ...['--incremental', 'false', '--tsBuildInfoFile', 'null'],
    ])
  await Promise.all([build('esm'), build('cjs')])
  await writeFile(join(client, 'dist/cjs/package.json'), '{ "type": "commonjs" }')
  await cp(join(root, 'client/package.json'), join(client, 'package.json'))
  await writeFile(join(folder, 'package.json'), '{ "name": "shop", "version": "1.2.3" }')
  return folder
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs Node.js to its end. It fails when that does not come by itself. */
export async function runNode(folder: string, args: string[], env: Record<string, string>): Promise<Ended> {
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...env }, timeout: 10_000 }
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error?.killed === true) reject(new Error(`did not end by itself: ${args.join(' ')}\n${stderr}`))
      else resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}

/**
 * Checks the types of files of the program, as a user with strict settings would.
 *
 * @param options Of an older compiler. Default: the current one, with the module system that each file has.
 */
export async function typecheck(
  folder: string,
  files: Record<string, string>,
  options?: object,
): Promise<string> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const compilerOptions = {
    noEmit: true,
    strict: true,
    types: [],
    lib: ['es2023'],
    ...(options ?? { module: 'nodenext' }),
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: Object.keys(files) }),
  )
  return run(process.execPath, [options ? oldTsc : tsc, '-p', folder]).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { stdout: string }).stdout,
  )
}
