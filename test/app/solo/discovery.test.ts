import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** A shop, a page that fails, and an inventory that lists paths of both. */
async function startShop() {
  const state = { listed: ['good', 'bad'] }
  const server = createServer(({ url = '' }, response) => {
    if (url !== '/inventory') response.writeHead(url === '/bad' ? 500 : 200).end()
    else response.end(JSON.stringify([{ targets: [origin], labels: {} }, ...state.listed.map(group)]))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const group = (path: string) => ({ targets: [origin], labels: { path } })
  atEnd(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return Object.assign(state, { url: `http://${origin}` })
}

it('what is discovered is checked, listed to Prometheus and alerted on, and its alerts end with it', async () => {
  const shop = await startShop()
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  const source = (key: string, more: object) => ({
    http_sd: `${shop.url}/inventory`,
    headers: { 'X-Edition': key },
    template: {
      name: `${key} {path}`,
      url: 'http://{__address__}/{path}',
      interval: '1s',
      alert_after: 1,
    },
    ...more,
  })
  const configure = (edition: string) =>
    writeFile(
      configFile,
      JSON.stringify({
        targets_from: [
          { name: 'open', ...source(edition, { allow_networks: '127.0.0.0/8' }) },
          { name: 'closed', ...source('closed', {}) },
        ],
      }),
    )
  await configure('open')
  const solo = await startSolo(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder, lifecycle: true },
    { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } },
  )
  atEnd(() => solo.stop())
  const get = async (path: string): Promise<string> => (await fetch(solo.url + path)).text()
  const listed = async (): Promise<string[]> =>
    (JSON.parse(await get('/sd')) as { labels: { target: string } }[]).map(({ labels }) => labels.target)

  expect(await listed()).toEqual(['open bad', 'open good', 'closed bad', 'closed good'])
  await waitFor('a check that succeeds', async () =>
    (await get('/probe?target=open%20good')).includes('probe_success 1'),
  )
  // No label may lead to the machine itself, unless that is allowed.
  const blocked = await get('/probe?target=closed%20good&debug=true')
  expect(blocked).toContain(
    '127.0.0.1 is a loopback address: list its network under allow_networks of the source to probe it',
  )
  const metrics = await get('/metrics')
  expect(metrics).toContain('probity_discovery_up{source="open"} 1')
  expect(metrics).toContain('probity_discovery_targets{source="open"} 2')
  expect(metrics).toContain('probity_discovery_skipped{source="open"} 1')
  expect(await get('/')).toContain('1 of 3 of open are skipped')

  const states = async (): Promise<string[]> =>
    (await readFile(join(folder, 'alerts.log'), 'utf8'))
      .split('\n')
      .filter((line) => line.includes('open bad'))
  await waitFor('TargetDown', async () => (await states()).some((line) => line.includes('TargetDown')))
  shop.listed = ['good']
  const before = (await states()).length
  await configure('open2')
  await fetch(`${solo.url}/-/reload`, { method: 'POST' })
  expect(await listed()).toEqual(['open2 good', 'closed bad', 'closed good'])
  await waitFor(
    'its end',
    async () => (await states()).length > before && (await states()).at(-1)?.includes('resolved'),
  )
})
