import { z } from 'zod'
import { keys } from '../../../settings/values/value.ts'
import { parseJsonObject } from '../../../lib/text/json.ts'
import { DeliveryError, type Channel, type Notification } from '../../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../../dependencies.ts'
import { sendFitting } from '../../shared/essential.ts'
import { deliverHttp } from '../../shared/http-delivery.ts'
import { basicAuth, below } from '../../shared/http-kind.ts'
import { listOf, matching, secret, text } from '../../shared/settings.ts'
import { issueFields, labelOf } from './issue.ts'

export const jiraSettings = keys({
  type: z.literal('jira').describe('The kind of channel.'),
  api_url: matching(
    'address of an API: expected one that ends with /rest/api/2 or /rest/api/3',
    /^https?:\/\/[^\s/]\S*\/rest\/api\/[23]\/?$/,
  ).describe('The address of the API, such as `https://example.atlassian.net/rest/api/2`.'),
  username: text
    .optional()
    .describe(
      'The mail address of the account, for Jira Cloud. Default: none, and the token alone logs in (Data Center).',
    ),
  api_token: secret.describe('The API token of that account. Never shown.'),
  project: matching('key of a project: expected one such as OPS', /^[A-Za-z][\w-]{0,254}$/).describe(
    'The key of the project.',
  ),
  issue_type: text.default('Task').describe('The type of the issues. Default: `Task`.'),
  priority: text.optional().describe('The name of their priority. Default: that of the project.'),
  labels: listOf('label without spaces', /^\S{1,255}$/)
    .default([])
    .describe('More labels. Default: only one that identifies the alert.'),
  resolve_transition: text
    .optional()
    .describe('The transition at the end of the alert. Default: none, and the issue stays open.'),
})

export type JiraSettings = z.infer<typeof jiraSettings>

/**
 * Keeps one issue for each alert: opens it, edits it as the alert goes on, and resolves it. What is open is found by a label.
 *
 * Source: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/, .../api-group-issue-search/ and
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ (429 with `Retry-After`)
 */
export function createJiraChannel(
  settings: JiraSettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const { api_url: url, username, api_token: token, project, resolve_transition: transition } = settings
  const authorization = username === undefined ? `Bearer ${token}` : basicAuth(username, token)
  const hidden = [...secrets, token, authorization]

  async function call(
    method: 'GET' | 'POST' | 'PUT',
    to: string,
    given: object | undefined,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const delivery = {
      peer: 'Jira',
      url: to,
      method,
      headers: {
        authorization,
        accept: 'application/json',
        'accept-language': 'en',
        'content-type': 'application/json',
      },
      body: given === undefined ? '' : JSON.stringify(given),
      refusal: () => undefined,
      maxAnswerBytes: 256 * 1024,
      secrets: hidden,
    }
    const { body } = await deliverHttp(delivery, { clock, timeoutMs, signal })
    // A change that was made is answered with nothing.
    if (body === '') return {}
    const answer = parseJsonObject(body)
    if (answer === undefined) throw new DeliveryError('Jira: the answer is not valid JSON', { retry: true })
    return answer
  }

  /** The key of the open issue of an alert. */
  async function findOpen(notification: Notification, signal: AbortSignal): Promise<string | undefined> {
    const jql = `statusCategory != Done and project=${quoted(project)} and labels=${quoted(labelOf(notification))} order by created DESC`
    // Jira Cloud has its search in version 3 only.
    const search = /\.atlassian\.net\//.test(url)
      ? below(url.replace(/\/2\/?$/, '/3'), 'search/jql')
      : below(url, 'search')
    const found = list(
      (await call('POST', search, { jql, maxResults: 1, fields: ['status'] }, signal))['issues'],
    )
    return found[0]?.['key'] as string | undefined
  }

  async function resolve(issue: string, signal: AbortSignal): Promise<void> {
    if (transition === undefined) return
    const transitions = list((await call('GET', `${issue}/transitions`, undefined, signal))['transitions'])
    const id = transitions.find((one) => one['name'] === transition)?.['id']
    if (id === undefined) {
      const known = transitions.map((one) => String(one['name'])).join(', ')
      throw new DeliveryError(`Jira: there is no transition ${transition}: expected one of ${known}`, {
        retry: false,
      })
    }
    await call('POST', `${issue}/transitions`, { transition: { id } }, signal)
  }

  async function send(notification: Notification, signal: AbortSignal): Promise<void> {
    const key = await findOpen(notification, signal)
    const fields = issueFields(notification, settings)
    const issue = below(url, `issue/${key ?? ''}`)
    if (key !== undefined) await call('PUT', issue, { fields }, signal)
    else if (notification.status === 'firing') await call('POST', below(url, 'issue'), { fields }, signal)
    if (key !== undefined && notification.status === 'resolved') await resolve(issue, signal)
  }

  return {
    name,
    async deliver(notification, signal) {
      signal.throwIfAborted()
      await sendFitting(notification, (fitting) => send(fitting, signal))
    },
  }
}

/** A value in JQL. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
    : []
}
