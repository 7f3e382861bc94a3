import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Logger } from '../../lib/logger.ts'
import { codeOf } from '../../lib/errors.ts'
import { ConfigError, type ConfigIssue } from '../../settings/errors.ts'
import { reasonOf } from '../../settings/secrets.ts'
import { startWatcher } from '../../settings/reload/watch.ts'
import { isRemote } from '../remote/address.ts'
import { parsePost } from './parse.ts'
import type { Post } from './post.ts'

/** What is in the folder of posts. */
export interface Posts {
  /** The newest first. */
  readonly posts: readonly Post[]
  /** What is wrong with those that are left out. */
  readonly issues: readonly ConfigIssue[]
}

export interface PostsOptions {
  /** `--config.file`: posts are in the folder `posts` next to it, or in it where it is a folder. A URL has none. */
  readonly configFile: string
  readonly log: Logger
  /** Milliseconds between two looks at the folder where no event arrives. Default 2,000. */
  readonly pollMs?: number
  /** Milliseconds without a change after which a changed file counts as written. Default 100. */
  readonly settleMs?: number
}

export interface PostsStore {
  readonly current: () => readonly Post[]
  readonly stop: () => Promise<void>
}

/** Bytes. */
const maxFileBytes = 100 * 1024
const maxPosts = 1000

/** Reads the posts of a configuration. A file that is wrong is left out; a folder that is not there has none. */
export async function readPosts(configFile: string): Promise<Posts> {
  const folder = await folderOf(configFile)
  if (folder === undefined) return { posts: [], issues: [] }
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw new ConfigError([fault(folder, `cannot be read: ${reasonOf(error)}`)], [folder])
  })
  const files = names.filter((name) => /^[^.].*\.md$/.test(name)).toSorted()
  const read = await Promise.all(files.slice(-maxPosts).map((name) => readOne(join(folder, name))))
  return {
    posts: read
      .flatMap((one) => ('post' in one ? [one.post] : []))
      .toSorted((a, b) => b.from.getTime() - a.from.getTime()),
    issues: read.flatMap((one) => ('issues' in one ? one.issues : [])),
  }
}

/** Reads the posts, and follows their files. What is wrong with a file is logged, and the others are shown. */
export async function followPosts({
  configFile,
  log,
  pollMs = 2000,
  settleMs = 100,
}: PostsOptions): Promise<PostsStore> {
  let posts: readonly Post[] = []
  const folder = await folderOf(configFile)
  if (folder === undefined) return { current: () => posts, stop: () => Promise.resolve() }
  const load = async (): Promise<void> => {
    await watcher.mark()
    try {
      const read = await readPosts(configFile)
      posts = read.posts
      if (read.issues.length > 0)
        log.error(
          { errors: new ConfigError(read.issues, []).message.split('\n') },
          'posts with mistakes are not shown',
        )
    } catch (error) {
      log.error({ err: error }, 'posts cannot be read, those that are known stay')
    }
  }
  const watcher = startWatcher({
    // The folder itself may appear later.
    paths: () => [folder, join(folder, '*.md')],
    onChange: load,
    log,
    pollMs,
    settleMs,
  })
  await load()
  return { current: () => posts, stop: watcher.stop }
}

async function folderOf(configFile: string): Promise<string | undefined> {
  if (isRemote(configFile)) return undefined
  const isFolder = await stat(configFile).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  return join(resolve(isFolder ? configFile : dirname(configFile)), 'posts')
}

async function readOne(file: string): Promise<ReturnType<typeof parsePost>> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) return { issues: [fault(file, 'is not a regular file')] }
    if (stats.size > maxFileBytes) return { issues: [fault(file, 'is larger than 100 KiB')] }
    return parsePost({ file, text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)) })
  } catch (error) {
    return { issues: [fault(file, `cannot be read: ${reasonOf(error)}`)] }
  }
}

function fault(file: string, message: string): ConfigIssue {
  return { file, line: 1, column: 1, path: '', message }
}
