import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { copyShipped } from '../../src/app/setup/shipped-files.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('copies what the parts around Probity need, but no sources', async () => {
  const folder = join(await tempFolder(), 'new')
  const written = await copyShipped(folder)
  for (const file of [
    'config/targets.yml',
    'config/schema/targets.schema.json',
    'prometheus/rules/targets.yml',
    'prometheus/tests/targets.test.yml',
    'alertmanager/templates/probity.tmpl',
    'grafana/dashboards/probity-overview.json',
    'clients/python/pyproject.toml',
    'deploy/kubernetes/standalone/kustomization.yaml',
    'config/Kustomization',
    'config/library/stripe.yml',
  ])
    expect(existsSync(join(folder, file)), file).toBe(true)
  expect(written.filter((path) => /\/(?:node_modules|grafana\/src|client\/src)\//.test(path))).toEqual([])
  const rules = await readFile(join(root, 'prometheus/rules/targets.yml'), 'utf8')
  expect(await readFile(join(folder, 'prometheus/rules/targets.yml'), 'utf8')).toBe(rules)
})

it('replaces nothing', async () => {
  const folder = await tempFolder()
  await copyShipped(folder)
  const rules = join(folder, 'prometheus/rules/targets.yml')
  await writeFile(rules, 'mine')
  await expect(copyShipped(folder)).rejects.toThrow(
    / already exists: name another folder, or move the file away$/,
  )
  expect(await readFile(rules, 'utf8')).toBe('mine')
})
