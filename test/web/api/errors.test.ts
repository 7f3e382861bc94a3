import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, it } from 'vitest'
import { apiErrors } from '../../../src/web/api/errors.ts'
import { atEnd } from '../../support/at-end.ts'

const json = 'application/json'

it.each([
  ['{', json, 400, /^the body is not JSON: /],
  [`{"a": "${'a'.repeat(200)}"}`, json, 413, /^the body is too large: expected at most 100 bytes$/],
  ['{}', `${json}; charset=klingon`, 415, /^unsupported charset "KLINGON"$/],
])('a body that cannot be read is answered in JSON: %.10s', async (body, type, status, words) => {
  const app = express()
    .post('/', express.json({ limit: 100 }), (_request, response) => void response.json({}))
    .use(apiErrors)
  const server = app.listen(0, '127.0.0.1')
  atEnd(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toEqual({ error: expect.stringMatching(words) })
})
