import { expect, it } from 'vitest'
import { sendMark } from '../../src/app/running/mark.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'

it('a mark is sent to the Probity that runs, with a token', async () => {
  const peer = await startHttpPeer(() => ({
    status: 201,
    body: '{"marks":[{"title":"checkout 1.4.2","at":"2026-11-20T12:00:00.000Z","source":"api"}]}',
  }))
  const said = await sendMark(
    { url: `${peer.url}/`, token: 'abc' },
    { title: 'checkout 1.4.2', target: 'shop' },
  )
  expect(said).toBe('2026-11-20 12:00:00 UTC  checkout 1.4.2\n')
  expect(peer.received).toMatchObject([
    {
      method: 'POST',
      path: '/api/v1/marks',
      headers: { authorization: 'Bearer abc', 'content-type': 'application/json' },
      body: '{"title":"checkout 1.4.2","target":"shop"}',
    },
  ])
})

it.each([
  [{ status: 404, body: '{"error":"there is no target \\"blog\\""}' }, 'there is no target "blog"'],
  [{ status: 404, body: 'Cannot POST' }, 'it stores no marks: an exporter needs DATABASE_URL for that'],
  [{ status: 401, body: 'no\n token' }, 'Probity answered 401: no token'],
])('what it refuses is said: %j', async (reply, words) => {
  const peer = await startHttpPeer(() => reply)
  await expect(sendMark({ url: peer.url }, { title: 'x' })).rejects.toThrow(words)
})
