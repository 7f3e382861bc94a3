import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedPackages } from './build/third-party.ts'
import { shippedBom, type Bom } from './release/sbom.ts'
import { root } from './stack/shipped-files.ts'

/** `npm run sbom`: the bill of materials of what was built, in CycloneDX. */
const npm = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
const revision = readFileSync(join(root, 'dist/revision'), 'utf8').trim()
console.log(
  JSON.stringify(shippedBom(JSON.parse(npm) as Bom, await shippedPackages(root), revision), null, 2),
)
