import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import express, { Router, type Request, type RequestHandler } from 'express'
import { z } from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import { apiErrors } from './errors.ts'
import { checked, type MarksContext } from './marks.ts'
import { readQuery, text } from './query.ts'

/** What an event says has changed. */
interface Event {
  readonly title: string
  readonly at?: string | null | undefined
  readonly url?: string | null | undefined
}

/** A service that sends webhooks. */
interface Hook {
  readonly source: 'github' | 'gitlab'
  /** Whether the request was sent by one who knows the secret. */
  readonly isGenuine: (request: Request, body: Buffer, secret: string) => boolean
  /** Undefined where the event changes nothing that is running. */
  readonly read: (request: Request, body: unknown) => Event | undefined
}

const parameters = {
  target: text('target', 'The target that it is about.'),
  label: text('label', 'A label of the targets, name=value.'),
}

const githubDeployment = z.object({
  deployment_status: z.object({
    state: z.string(),
    environment: z.string().nullish(),
    target_url: z.string().nullish(),
    created_at: z.string().nullish(),
  }),
  deployment: z.object({ ref: z.string(), sha: z.string().nullish(), environment: z.string().nullish() }),
  repository: z.object({ name: z.string() }),
})

const githubRelease = z.object({
  action: z.string(),
  release: z.object({
    tag_name: z.string(),
    html_url: z.string().nullish(),
    published_at: z.string().nullish(),
  }),
  repository: z.object({ name: z.string() }),
})

/** Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const github: Hook = {
  source: 'github',
  isGenuine(request, body, secret) {
    const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
    return isSame(request.get('X-Hub-Signature-256') ?? '', expected)
  },
  read(request, body) {
    const event = request.get('X-GitHub-Event')
    if (event === 'deployment_status') {
      const { deployment_status: status, deployment, repository } = githubDeployment.parse(body)
      if (status.state !== 'success') return undefined
      const where = status.environment ?? deployment.environment
      const title = `${repository.name} ${shortRef(deployment.ref)}${where ? ` (${where})` : ''}`
      return { title, at: status.created_at, url: status.target_url }
    }
    if (event !== 'release') return undefined
    const { action, release, repository } = githubRelease.parse(body)
    if (action !== 'published') return undefined
    return {
      title: `${repository.name} ${release.tag_name}`,
      at: release.published_at,
      url: release.html_url,
    }
  },
}

const gitlabEvent = z.object({
  object_kind: z.string(),
  status: z.string().nullish(),
  action: z.string().nullish(),
  ref: z.string().nullish(),
  environment: z.string().nullish(),
  status_changed_at: z.string().nullish(),
  deployable_url: z.string().nullish(),
  tag: z.string().nullish(),
  url: z.string().nullish(),
  released_at: z.string().nullish(),
  project: z.object({ name: z.string() }),
})

/** Source: https://docs.gitlab.com/user/project/integrations/webhook_events/ */
const gitlab: Hook = {
  source: 'gitlab',
  isGenuine: (request, _body, secret) => isSame(request.get('X-Gitlab-Token') ?? '', secret),
  read(_request, body) {
    const event = gitlabEvent.parse(body)
    const { name } = event.project
    if (event.object_kind === 'deployment' && event.status === 'success') {
      const where = event.environment ? ` (${event.environment})` : ''
      const title = `${name} ${shortRef(event.ref ?? '')}${where}`
      return { title, at: event.status_changed_at, url: event.deployable_url }
    }
    if (event.object_kind !== 'release' || event.action !== 'create') return undefined
    return { title: `${name} ${event.tag ?? ''}`, at: event.released_at, url: event.url }
  },
}

/** Bytes of a request: GitHub sends 25 MB at most, but events of deployments have some kilobytes. */
const maxBody = '512kb'

/** `POST /api/v1/marks/github` and `/gitlab`. @param secret Read for every request. */
export function markHooks(context: MarksContext, secret: () => Promise<string>): Router {
  const body = express.raw({ limit: maxBody, inflate: false, type: () => true })
  const take =
    (hook: Hook): RequestHandler =>
    async (request, response) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      if (!hook.isGenuine(request, bytes, await secret())) {
        response.status(401).json({ error: 'the secret of the webhook is missing or wrong' })
        return
      }
      const event = read(hook, request, bytes)
      if (!event) {
        response.status(202).json({ marks: [] })
        return
      }
      const { target, label } = readQuery(request.query, parameters)
      const mark = checked(
        {
          title: event.title,
          source: hook.source,
          at: timeOf(event.at) ?? new Date(context.now()),
          url: event.url && /^https?:/i.test(event.url) ? event.url : undefined,
          target,
          labels: label === undefined ? undefined : labelOf(label),
        },
        context,
      )
      await context.add(mark)
      response.status(201).json({ marks: [mark] })
    }
  return Router()
    .post('/api/v1/marks/github', body, take(github))
    .post('/api/v1/marks/gitlab', body, take(gitlab))
    .use(apiErrors)
}

/** In a time that says nothing of where they differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function read(hook: Hook, request: Request, bytes: Buffer): Event | undefined {
  try {
    return hook.read(request, parse(bytes))
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause
    const place = cause.issues[0]?.path.map(String).join('.') ?? ''
    throw new ProbityError(
      'MARK_INVALID',
      `the event has another shape than ${hook.source} documents: ${place}`,
      { cause },
    )
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown
  } catch (cause) {
    throw new ProbityError('MARK_INVALID', 'the body is not JSON: choose the content type application/json', {
      cause,
    })
  }
}

/** `refs/tags/v1.2.3` is `v1.2.3`, and a whole commit its first characters. */
function shortRef(ref: string): string {
  const name = ref.replace(/^refs\/(?:heads|tags)\//, '')
  return /^[0-9a-f]{40}$/.test(name) ? name.slice(0, 8) : name
}

/** GitLab writes `2026-11-20 12:00:00 +0200` in place of RFC 3339. */
function timeOf(given: string | null | undefined): Date | undefined {
  const at = new Date(
    given?.replace(
      /^(\S+) (\S+) (?:UTC|([+-]\d\d):?(\d\d))$/,
      (_, day, time, hours = '+00', minutes = '00') => `${day}T${time}${hours}:${minutes}`,
    ) ?? NaN,
  )
  return Number.isNaN(at.getTime()) ? undefined : at
}

function labelOf(given: string): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(given) ?? []
  if (name === undefined || value === undefined)
    throw new ProbityError('MARK_INVALID', 'label is not valid: expected name=value, such as team=shop')
  return { [name]: value }
}
