import { join } from 'node:path'
import { expect, it } from 'vitest'
import { exportPage } from '../../../src/app/running/export-page.ts'
import { sendMark } from '../../../src/app/running/mark.ts'
import { askSilences } from '../../../src/app/running/silences.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const questions: [string, (url: string) => Promise<unknown>][] = [
  ['silence', (url) => askSilences({ url }, { method: 'GET' })],
  ['mark', (url) => sendMark({ url }, { title: 'x' })],
  [
    'page export',
    async (url) => exportPage({ url, path: '/public', folder: join(await tempFolder(), 'page') }),
  ],
]

it.each(
  questions.flatMap(([name, ask]) =>
    ['ok', '{}', '{"silences":[5],"marks":[5],"targets":[5]}', 'null'].map(
      (body) => [name, body, ask] as const,
    ),
  ),
)('probity %s says that something else listens there: %s', async (_name, body, ask) => {
  const { url } = await startHttpPeer(() => ({ status: 200, body }))
  await expect(ask(url)).rejects.toThrow(
    `what answers at ${url} is not Probity, or another version of it: set the address of Probity with --url`,
  )
})
