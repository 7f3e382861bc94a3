import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readAssets, type Assets } from '../../../src/web/pages/assets.ts'

const root = join(import.meta.dirname, '../../..')

/** What pages load, made of the sources as they are now: what `npm run build` left may be older. */
export function currentAssets(folder: string): Assets {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const compiled = spawnSync(process.execPath, [tsc, '-p', 'src/web/browser', '--outDir', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  if (compiled.status !== 0) throw new Error(`src/web/browser does not compile:\n${compiled.stdout}`)
  return readAssets({ scripts: folder })
}
