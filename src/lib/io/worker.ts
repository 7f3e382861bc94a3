import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a program in a thread of its own.
 *
 * @param name Of its file, without the extension.
 * @param beside The `import.meta.url` of a file in the same folder, and compiled where that is.
 */
export function startWorker(name: string, beside: string, options: WorkerOptions = {}): Worker {
  const extension = extname(beside)
  return new Worker(new URL(`${name}${extension}`, beside), {
    ...options,
    ...(extension === '.ts' && { execArgv: sourceLoader() }),
  })
}

/** Tests and benchmarks run the sources as they are, for which a thread needs a loader of its own. */
function sourceLoader(): string[] {
  const found = createRequire(import.meta.url).resolve('tsx/esm/api')
  const loader = pathToFileURL(found.replace(/\.cjs$/, '.mjs')).href
  return ['--import', `data:text/javascript,import { register } from '${loader}'; register()`]
}
