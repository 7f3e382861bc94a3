import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startHttpPeer, type Reply } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { blockOf, recipe } from './page.ts'

interface Rule {
  readonly apiGroups: string[]
  readonly resources: string[]
  readonly resourceNames: string[]
  readonly verbs: string[]
}

const json = { 'Content-Type': 'application/json' }

const answer = (status: number, body: object): Reply => ({ status, headers: json, body: JSON.stringify(body) })

/** What every account may ask: which kinds there are. */
const discovery: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.4' },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    ],
  },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    groupVersion: 'apps/v1',
    resources: [
      { name: 'deployments', singularName: 'deployment', namespaced: true, kind: 'Deployment', verbs: ['get', 'patch'] },
    ],
  },
}

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace: 'shop', resourceVersion: '1' },
  spec: { selector: { matchLabels: { app: 'shop' } }, template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [] } } },
}

/** The one Role of the page. */
function roleOfPage(): Rule[] {
  const documents = parseAllDocuments(blockOf('yaml', 'kind: Role\n')).map(
    (document) => document.toJS() as { kind: string; rules: Rule[] },
  )
  return documents.find(({ kind }) => kind === 'Role')?.rules ?? []
}

describeWithTool(['kubectl'], 'docs/remedies.md: a Deployment', () => {
  it('is restarted by kubectl, with the rights of the Role, and it needs all of them', async () => {
    const rules = roleOfPage()
    const used = new Set<string>()
    const api = await startHttpPeer(({ method, path }) => {
      const [plain = ''] = path.split('?')
      const known = discovery[plain]
      if (method === 'GET' && known) return answer(200, known)
      const [, group = '', resource = '', name = ''] =
        /^\/apis\/(\w+)\/v1\/namespaces\/shop\/(\w+)\/(\w+)$/.exec(plain) ?? []
      const verb = { GET: 'get', PATCH: 'patch', PUT: 'update', DELETE: 'delete' }[method] ?? method
      const isAllowed = rules.some(
        (rule) =>
          rule.apiGroups.includes(group) &&
          rule.resources.includes(resource) &&
          rule.resourceNames.includes(name) &&
          rule.verbs.includes(verb),
      )
      if (!isAllowed) return answer(403, { kind: 'Status', status: 'Failure', code: 403, message: `forbidden: ${verb} ${plain}` })
      used.add(verb)
      return answer(200, deployment)
    })
    const config = join(await tempFolder(), 'kubeconfig')
    await writeFile(
      config,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: api.url } }],
        users: [{ name: 'u', user: { token: 'x' } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    )
    const { run } = await recipe({
      script: 'restart-deployment',
      channel: 'restart-shop',
      env: { KUBECONFIG: config },
    })
    expect(await run()).toMatchObject({ outcome: 'succeeded', output: 'deployment.apps/shop restarted' })
    const patch = api.received.find(({ method }) => method === 'PATCH')
    expect(patch?.body).toContain('kubectl.kubernetes.io/restartedAt')
    expect([...used].sort()).toEqual(rules.flatMap(({ verbs }) => verbs).sort())
    rules.splice(0)
    expect(await run()).toMatchObject({ outcome: 'exit', output: expect.stringContaining('orbidden') as unknown })
  })
}, { optional: true })
