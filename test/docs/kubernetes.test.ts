import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { foreignFormats } from '../../src/foreign/index.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'

const page = await readFile(join(root, 'docs/kubernetes.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
const recipe = blocks.find((text) => text.startsWith('scrape_configs:')) ?? ''
const allowing = blocks.find((text) => text.startsWith('# targets.yml')) ?? ''

it('docs/kubernetes.md names files that are there', () => {
  const paths = [...page.matchAll(/\b(?:deploy|config)\/[\w./-]*\w/g)]
    .map(([path]) => path)
    .filter((path) => !path.startsWith('deploy/kubernetes/mine'))
  expect(paths.length).toBeGreaterThan(5)
  for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true)
})

it('docs/kubernetes.md allows the URLs that its jobs make, and no others', () => {
  const sources = { sources: [{ file: 'targets.yml', text: allowing }], directory: '/', files: [] }
  const { probe } = parseConfig(sources, { env: {}, foreign: foreignFormats, readSecret: () => '' })
  const allows = (url: string): boolean => probe.allow.some((pattern) => pattern.regex.matches(url))
  for (const url of ['http://shop.web.svc:80/', 'http://shop.web.svc:8080/healthz', 'https://www.example.com/'])
    expect(allows(url), url).toBe(true)
  for (const url of ['http://shop.web.svc.attacker.test/', 'http://10.96.0.1/', 'https://example.com.test/'])
    expect(allows(url), url).toBe(false)
})

describeWithTool(['promtool'], 'docs/kubernetes.md', () => {
  it('has jobs that Prometheus accepts', async () => {
    const folder = await tempFolder()
    // Debian builds Prometheus without Kubernetes: here, the Services and Ingresses are none.
    const elsewhere = recipe.replaceAll(/kubernetes_sd_configs: .*/g, 'static_configs: []')
    await writeFile(join(folder, 'prometheus.yml'), elsewhere)
    const { stdout } = await promisify(execFile)('promtool', ['check', 'config', join(folder, 'prometheus.yml')])
    expect(stdout).toContain('SUCCESS')
  })
})
