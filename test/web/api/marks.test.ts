import { createHmac } from 'node:crypto'
import express from 'express'
import { beforeEach, describe, expect, it } from 'vitest'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { markHooks } from '../../../src/web/api/mark-hooks.ts'
import { marksRoute, type MarksContext } from '../../../src/web/api/marks.ts'
import type { Mark } from '../../../src/web/status/marks.ts'
import { atEnd } from '../../support/at-end.ts'

const now = Date.parse('2026-11-20T12:00:00Z')
const secret = 'of-the-hooks-1234567'

let stored: Mark[] = []
let url = ''

beforeEach(async () => {
  stored = []
  const context: MarksContext = {
    add(mark) {
      stored.push(mark)
      return Promise.resolve()
    },
    read: ({ from, to }) => Promise.resolve(stored.filter(({ at }) => at >= from && at < to)),
    isTarget: (name) => name === 'shop',
    now: () => now,
  }
  const app = express().use(
    marksRoute(context),
    markHooks(context, () => Promise.resolve(secret)),
  )
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 }, 100)
  atEnd(server.stop)
  url = server.url
})

interface Answer {
  readonly status: number
  readonly body: { readonly marks?: readonly object[]; readonly error?: string }
}

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

describe('POST /api/v1/marks', () => {
  it('stores what has changed, now or at a time, of a target, of labels, or of all', async () => {
    const whole = {
      title: ' checkout\n1.4.2',
      at: '2026-11-20T11:00:00+01:00',
      target: 'shop',
      labels: { team: 'pay' },
      url: 'https://ci.example/1',
    }
    expect(await post('/api/v1/marks', JSON.stringify(whole))).toEqual({
      status: 201,
      body: { marks: [{ ...whole, title: 'checkout 1.4.2', at: '2026-11-20T10:00:00.000Z', source: 'api' }] },
    })
    await post('/api/v1/marks', '{"title":"new database"}')
    const [, plain] = stored
    expect(plain).toEqual({ title: 'new database', at: new Date(now), source: 'api' })
    const read = async (query: string): Promise<unknown> => {
      const answer = (await (await fetch(`${url}/api/v1/marks${query}`)).json()) as { marks: Mark[] }
      return answer.marks.map(({ title }) => title)
    }
    expect(await read('?to=2026-11-20T12:00:01Z')).toEqual(['checkout 1.4.2', 'new database'])
    expect(await read('?to=2026-11-20T12:00:01Z&target=blog')).toEqual(['new database'])
    expect(await read('?from=2026-11-20T11:00:00Z&to=2026-11-20T12:00:00Z')).toEqual([])
  })

  it.each([
    ['{"title":" "}', 400, 'title is empty: expected what has changed, such as checkout 1.4.2'],
    ['{}', 400, 'title is missing or is not a text'],
    ['[]', 400, 'the body is not a JSON object: expected Content-Type: application/json'],
    ['{"title":"x","tag":"y"}', 400, 'there is no key tag'],
    ['{"title":"x","target":"blog"}', 404, 'there is no target "blog"'],
    [
      '{"title":"x","at":"yesterday"}',
      400,
      'at is not a time: expected one such as 2026-11-21T03:00:00Z, or Unix time in seconds',
    ],
    ['{"title":"x","at":"2026-12-20T12:00:00Z"}', 400, 'at is more than a day in the future'],
    [
      '{"title":"x","url":"javascript:alert(1)"}',
      400,
      'url is not an http or https URL of at most 1000 characters',
    ],
    [
      '{"title":"x","labels":{"a b":"c"}}',
      400,
      'labels are not valid: expected at most 20, such as {"team": "shop"}',
    ],
  ])('%s is refused', async (body, status, error) => {
    expect(await post('/api/v1/marks', body)).toEqual({ status, body: { error } })
    expect(stored).toEqual([])
  })
})

const sign = (body: string, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

describe('webhooks of GitHub', () => {
  const deployed = (state: string): string =>
    JSON.stringify({
      action: 'created',
      deployment_status: {
        id: 1,
        state,
        environment: 'production',
        target_url: 'https://ci.example/run/7',
        created_at: '2026-11-20T11:57:00Z',
      },
      deployment: {
        id: 2,
        ref: 'refs/tags/v1.4.2',
        sha: 'a'.repeat(40),
        task: 'deploy',
        environment: 'production',
      },
      repository: { id: 3, name: 'checkout', full_name: 'acme/checkout' },
    })
  const send = (event: string, body: string, signature = sign(body), query = ''): Promise<Answer> =>
    post(`/api/v1/marks/github${query}`, body, { 'X-GitHub-Event': event, 'X-Hub-Signature-256': signature })

  it('mark a deployment when it has succeeded, and a release when it is published', async () => {
    expect(
      await send('deployment_status', deployed('success'), undefined, '?target=shop&label=team=pay'),
    ).toMatchObject({ status: 201 })
    expect((await send('deployment_status', deployed('pending'))).status).toBe(202)
    expect((await send('ping', '{"zen":"x"}')).status).toBe(202)
    const release = {
      action: 'published',
      release: {
        tag_name: 'v2.0.0',
        html_url: 'https://github.com/acme/checkout/releases/v2.0.0',
        published_at: '2026-11-20T11:58:00Z',
      },
      repository: { name: 'checkout' },
    }
    await send('release', JSON.stringify(release))
    expect((await send('release', JSON.stringify({ ...release, action: 'edited' }))).status).toBe(202)
    expect(stored).toEqual([
      {
        at: new Date('2026-11-20T11:57:00Z'),
        title: 'checkout v1.4.2 (production)',
        source: 'github',
        url: 'https://ci.example/run/7',
        target: 'shop',
        labels: { team: 'pay' },
      },
      {
        at: new Date('2026-11-20T11:58:00Z'),
        title: 'checkout v2.0.0',
        source: 'github',
        url: 'https://github.com/acme/checkout/releases/v2.0.0',
      },
    ])
  })

  it('are refused without the right signature, and in another shape', async () => {
    const body = deployed('success')
    for (const signature of ['', sign(body, 'other'), sign(`${body} `), `sha1=${'0'.repeat(40)}`])
      expect((await send('deployment_status', body, signature)).status).toBe(401)
    expect(await send('deployment_status', '{"deployment":1}')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('has another shape') as unknown },
    })
    expect((await send('release', 'not JSON')).status).toBe(400)
    expect((await send('deployment_status', body, undefined, '?target=blog')).status).toBe(404)
    expect((await send('deployment_status', body, undefined, '?label=team')).status).toBe(400)
    expect(stored).toEqual([])
  })
})

describe('webhooks of GitLab', () => {
  const deployed = (status: string): string =>
    JSON.stringify({
      object_kind: 'deployment',
      status,
      status_changed_at: '2026-11-20 12:57:00 +0100',
      deployable_url: 'https://gitlab.example/acme/checkout/-/jobs/7',
      environment: 'production',
      project: { id: 1, name: 'checkout' },
      short_sha: '279484c0',
      ref: '279484c0b5d1a8f7f0e5a8c3d2b1a09f8e7d6c5b',
    })
  const send = (body: string, token = secret): Promise<Answer> =>
    post('/api/v1/marks/gitlab', body, { 'X-Gitlab-Token': token })

  it('mark a deployment when it has succeeded, and a release when it is created', async () => {
    expect((await send(deployed('success'))).status).toBe(201)
    expect((await send(deployed('running'))).status).toBe(202)
    await send(
      '{"object_kind":"release","action":"create","tag":"v1.1","url":"https://gitlab.example/r","released_at":"2026-11-20 11:58:00 UTC","project":{"name":"checkout"}}',
    )
    expect(stored).toEqual([
      {
        at: new Date('2026-11-20T11:57:00Z'),
        title: 'checkout 279484c0 (production)',
        source: 'gitlab',
        url: 'https://gitlab.example/acme/checkout/-/jobs/7',
      },
      {
        at: new Date('2026-11-20T11:58:00Z'),
        title: 'checkout v1.1',
        source: 'gitlab',
        url: 'https://gitlab.example/r',
      },
    ])
  })

  it('are refused without the token', async () => {
    for (const token of ['', 'other']) expect((await send(deployed('success'), token)).status).toBe(401)
    expect(stored).toEqual([])
  })
})
