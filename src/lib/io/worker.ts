import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a program in its own thread.
 *
 * @param name Of its file, without the extension.
 * @param near The `import.meta.url` of a file in the same folder, and compiled where that is.
 */
export function startWorker(name: string, near: string, options: WorkerOptions = {}): Worker {
  const extension = extname(near)
  return new Worker(new URL(`${name}${extension}`, near), {
    ...options,
    ...(extension === '.ts' && { execArgv: sourceLoader() }),
  })
}

/**
 * What `node` is started with to run a program in another process.
 *
 * @param name Of its file, without the extension.
 * @param near The `import.meta.url` of a file in the same folder, and compiled where that is.
 */
export function programArguments(name: string, near: string): string[] {
  const extension = extname(near)
  const path = fileURLToPath(new URL(`${name}${extension}`, near))
  return [...(extension === '.ts' ? sourceLoader() : []), path]
}

/** Tests and benchmarks run the sources as they are, for which a thread or a process needs its own loader. */
function sourceLoader(): string[] {
  const found = createRequire(import.meta.url).resolve('tsx/esm/api')
  const loader = pathToFileURL(found.replace(/\.cjs$/, '.mjs')).href
  return ['--import', `data:text/javascript,import { register } from '${loader}'; register()`]
}
