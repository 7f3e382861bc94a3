import type { Notification } from '../../channel.ts'
import { atMost, escapedWithin, fitting, jsonAtMost, written, type Parts } from '../../shared/fitting.ts'
import { plainMarkup } from '../../shared/markup.ts'
import { wordsOf } from '../../shared/words.ts'

/** What the issue of an alert is found by. A test has a separate issue. */
export function labelOf({ fingerprint, test }: Notification): string {
  return `probity${test ? '-test' : ''}-${fingerprint.replace(/\W/g, '')}`
}

interface IssueSettings {
  readonly api_url: string
  readonly project: string
  readonly issue_type: string
  readonly priority?: string | undefined
  readonly labels: readonly string[]
}

/** The fields of an issue, in the form of the version of the API. */
export function issueFields(
  notification: Notification,
  { api_url: url, project, issue_type: type, priority, labels }: IssueSettings,
): object {
  return {
    project: { key: project },
    issuetype: { name: type },
    summary: escapedWithin(wordsOf(notification).title, (title) => title, 255),
    description: /\/3\/?$/.test(url)
      ? fitting(notification, document, jsonAtMost(maxDescription))
      : fitting(notification, wiki, atMost(maxDescription)),
    labels: [...labels, labelOf(notification)],
    ...(priority !== undefined && { priority: { name: priority } }),
  }
}

/** Source: https://support.atlassian.com/jira/kb/how-to-change-the-character-limit-of-text-fields/ */
const maxDescription = 32_767

/**
 * Wiki markup: what is not ours stands in a block that has none, so that it mentions nobody.
 *
 * Source: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
 */
function wiki(parts: Parts): string {
  const body = written({ ...parts, title: '', links: [] }, plainMarkup) || parts.title
  const links = parts.links.map(({ name, url }) => `[${name}|${url.replace(/[[\]]/g, encodeURIComponent)}]`)
  return [`{noformat}\n${body.replaceAll('{noformat', '{\u200bnoformat')}\n{noformat}`, links.join(' · ')]
    .join('\n')
    .trim()
}

/** Source: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
function document({ title, sentences, facts, output, links }: Parts): object {
  const lines = [...sentences, ...facts.map(({ name, value }) => `${name}: ${value}`)]
  return {
    type: 'doc',
    version: 1,
    content: [
      ...(lines.length === 0 ? [title] : lines).map((line) => paragraph([{ type: 'text', text: line }])),
      ...(output === '' ? [] : [{ type: 'codeBlock', content: [{ type: 'text', text: output }] }]),
      ...links.map(({ name, url }) =>
        paragraph([{ type: 'text', text: name, marks: [{ type: 'link', attrs: { href: url } }] }]),
      ),
    ],
  }
}

function paragraph(content: readonly object[]): object {
  return { type: 'paragraph', content }
}
