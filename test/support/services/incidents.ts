import * as z from 'zod'
import type { Received, Reply } from '../servers/http-peer.ts'
import { accountSid, authToken } from '../servers/twilio-peer.ts'
import { clean, jsonApi, refuse, text, type Service } from './service.ts'

const jiraToken = 'ATATTj1raT0ken'
const jiraAuth = `Basic ${Buffer.from(`ops@example.org:${jiraToken}`).toString('base64')}`

/** https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ */
const issue = z.strictObject({
  fields: z.strictObject({
    project: z.strictObject({ key: z.literal('OPS') }),
    issuetype: z.strictObject({ name: z.literal('Incident') }),
    summary: text(255).refine((summary) => !summary.includes('\n')),
    description: text(32_767).refine(
      (wiki) => /^\{noformat\}\n[^]*\n\{noformat\}/.test(wiki) && wiki.split('{noformat').length === 3,
      'a block that does not end where it should',
    ),
    labels: z.array(z.string().regex(/^\S{1,255}$/)),
  }),
})

const search = z.strictObject({ jql: z.string(), maxResults: z.literal(1), fields: z.array(z.string()) })

/** A Jira of one project: what is open is found by its label. */
function jira(): (request: Received) => Reply {
  const issues: { key: string; labels: string[]; done: boolean }[] = []
  const json = (status: number, body: unknown): Reply => ({ status, body: JSON.stringify(body) })
  return ({ method, path, headers, body }) => {
    if (headers.authorization !== jiraAuth) return refuse(401, 'login')
    const given: unknown = body === '' ? undefined : JSON.parse(body)
    const [, key, rest] = /^\/rest\/api\/2\/issue\/([A-Z]+-\d+)(\/transitions)?$/.exec(path) ?? []
    const found = issues.find((one) => one.key === key)
    if (method === 'POST' && path === '/rest/api/2/search') {
      const [, label] =
        /^statusCategory != Done and project="OPS" and labels="([^"]+)" order by created DESC$/.exec(
          search.parse(given).jql,
        ) ?? []
      if (label === undefined) return refuse(400, 'JQL')
      return json(200, { issues: issues.filter(({ done, labels }) => !done && labels.includes(label)) })
    }
    if (method === 'POST' && path === '/rest/api/2/issue') {
      const { data, error } = issue.safeParse(given)
      if (!data) return refuse(400, error.issues)
      issues.push({ key: `OPS-${issues.length + 1}`, labels: data.fields.labels, done: false })
      return json(201, { key: issues.at(-1)?.key })
    }
    if (!found) return refuse(404, path)
    if (method === 'GET' && rest) return json(200, { transitions: [{ id: '31', name: 'Done' }] })
    if (method === 'POST' && rest) {
      found.done = true
      return { status: 204 }
    }
    const { success, error } = issue.safeParse(given)
    return method === 'PUT' && success ? { status: 204 } : refuse(400, error?.issues)
  }
}

/** https://api-docs.incident.io/tag/Alert-Events-V2 */
const incidentioMessage = z.looseObject({
  version: z.literal('1'),
  status: z.enum(['firing', 'resolved']),
  groupKey: clean.min(1),
  alerts: z.array(z.looseObject({ status: z.enum(['firing', 'resolved']), fingerprint: z.string() })).min(1),
})

/** https://www.twilio.com/docs/voice/api/call-resource */
function calls({ method, path, headers, body }: Received): Reply {
  if (method !== 'POST' || path !== `/2010-04-01/Accounts/${accountSid}/Calls.json`) return refuse(404, path)
  if (headers.authorization !== `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`)
    return refuse(401, 'Authenticate')
  const form = new URLSearchParams(body)
  if (form.get('To') !== '+4930123456' || form.get('From') !== '+4930123457') return refuse(400, 21211)
  const twiml = form.get('Twiml') ?? ''
  const said =
    /^<Response><Pause length="1"\/><Say language="en-GB" loop="2">([^<>&"]+)<\/Say><\/Response>$/.exec(twiml)
  return said && twiml.length <= 4000 && clean.safeParse(twiml).success
    ? { status: 201, body: '{"sid":"CA1"}' }
    : refuse(400, 12100)
}

export const incidents: readonly Service[] = [
  {
    type: 'jira',
    settings: (url) => ({
      api_url: `${url}/rest/api/2`,
      username: 'ops@example.org',
      api_token: jiraToken,
      project: 'OPS',
      issue_type: 'Incident',
      labels: ['probity'],
      resolve_transition: 'Done',
    }),
    secrets: [jiraToken, jiraAuth.slice('Basic '.length)],
    judge: jira,
    // A search, and what comes of it.
    requests: 2,
    // A search, an edit, the transitions, and one of them.
    requestsAtEnd: 4,
  },
  {
    type: 'incidentio',
    settings: (url) => ({
      url: `${url}/v2/alert_events/alertmanager/1`,
      alert_source_token: '1ncidentT0ken',
    }),
    secrets: ['1ncidentT0ken'],
    judge: () =>
      jsonApi(
        '/v2/alert_events/alertmanager/1',
        incidentioMessage,
        { status: 202, body: '{}' },
        { auth: { authorization: 'Bearer 1ncidentT0ken' }, maxBytes: 512_000 },
      ),
  },
  {
    type: 'voice',
    settings: (url) => ({
      url,
      account_sid: accountSid,
      auth_token: authToken,
      from: '+4930123457',
      to: '+4930123456',
    }),
    secrets: [authToken],
    judge: () => calls,
    requestsAtEnd: 0,
  },
]
