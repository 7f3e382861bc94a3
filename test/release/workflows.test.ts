import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string>>
}

interface Job {
  readonly uses?: string
  readonly needs?: string | readonly string[]
  readonly 'timeout-minutes'?: number
  readonly strategy?: {
    readonly matrix: { readonly node?: readonly string[]; readonly include?: readonly object[] }
  }
  readonly steps?: readonly Step[]
}

interface Workflow {
  readonly permissions?: object
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const inFolder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name))
const workflows = inFolder('.github/workflows').map((path) => {
  const { jobs, permissions } = parseDocument(read(path)).toJS() as Workflow
  return { path, text: read(path), permissions, jobs: Object.entries(jobs) }
})
const manifest = JSON.parse(read('package.json')) as {
  engines: { node: string }
  scripts: Record<string, string>
}

it.each(inFolder('.github'))('%s is YAML without mistakes', (path) => {
  const { errors, warnings } = parseDocument(read(path), { uniqueKeys: true })
  expect([...errors, ...warnings]).toEqual([])
})

describe.each(workflows)('$path', ({ text, permissions, jobs }) => {
  const steps = jobs.flatMap(([, { steps: some = [] }]) => some)
  const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]))

  it('uses actions by their commit, with the version next to it', () => {
    const used = [...text.matchAll(/\buses: (\S+)(.*)$/gm)]
    const local = used.filter(([, action]) => action!.startsWith('./'))
    for (const [, path] of local) expect(existsSync(join(root, path!))).toBe(true)
    const loose = used
      .filter((one) => !local.includes(one))
      .filter(
        ([, action, comment]) =>
          !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action!) || !/^ # v\d+\.\d+\.\d+$/.test(comment!),
      )
    expect(loose.map(([line]) => line)).toEqual([])
  })

  it('runs scripts and files that exist', () => {
    const scripts = commands.flatMap((run) =>
      [...run.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name!),
    )
    expect(scripts.filter((name) => manifest.scripts[name] === undefined)).toEqual([])
    const files = commands.flatMap((run) =>
      [...run.matchAll(/\b(?:scripts|bench|bin)\/[\w./-]+/g)].map(([name]) => name),
    )
    expect(files.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  it('may only read unless a job says otherwise, and each job ends in time', () => {
    expect(permissions).toEqual({ contents: 'read' })
    for (const [name, job] of jobs)
      if (job.uses === undefined) expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)])
  })

  /** A title or a branch name that is inserted into a script is run by it. */
  it('inserts nothing into its scripts', () => {
    expect(commands.filter((run) => run.includes('${{'))).toEqual([])
  })

  it('waits for jobs that it has', () => {
    const names = jobs.map(([name]) => name)
    const needed = jobs.flatMap(([, { needs = [] }]) => needs)
    expect(needed.filter((name) => !names.includes(name))).toEqual([])
  })

  it('leaves no credentials in what it has checked out', () => {
    for (const step of steps)
      if (step.uses?.startsWith('actions/checkout@'))
        expect(step.with).toMatchObject({ 'persist-credentials': false })
  })
})

describe('what is proven and released', () => {
  const job = (path: string, name: string): Job =>
    Object.fromEntries(workflows.find((one) => one.path.endsWith(path))!.jobs)[name]!

  it('is verified with every supported version of Node.js, from the oldest', () => {
    const versions = job('verify.yml', 'verify').strategy!.matrix.node!
    expect(versions).toEqual(['20.19', '22', '24', '26'])
    expect(manifest.engines.node).toBe(`>=${versions[0]!}`)
  })

  it('is verified before it is released', () => {
    for (const name of ['archive', 'image']) expect(job('release.yml', name).needs).toBe('verify')
    expect(job('release.yml', 'publish').needs).toEqual(['archive', 'image'])
  })

  it('has an image with the tools that the Dockerfile names', () => {
    const [small, tools] = job('release.yml', 'image').strategy!.matrix.include as { packages: string }[]
    expect(small).toEqual({ suffix: '', packages: '' })
    expect(tools).toMatchObject({ suffix: '-tools' })
    expect(read('Dockerfile')).toContain(`--build-arg PROBITY_PACKAGES='${tools!.packages}'`)
  })

  it('is updated where dependencies are declared', () => {
    const { updates } = parseDocument(read('.github/dependabot.yml')).toJS() as {
      updates: { 'package-ecosystem': string; directory: string }[]
    }
    const files: Record<string, string> = {
      npm: 'package.json',
      docker: 'Dockerfile',
      'docker-compose': 'docker-compose.yml',
      'github-actions': '.github/workflows',
    }
    expect(updates.map((one) => one['package-ecosystem']).sort()).toEqual(Object.keys(files).sort())
    for (const one of updates)
      expect(existsSync(join(root, one.directory, files[one['package-ecosystem']]!))).toBe(true)
  })
})
