import type { Receiver } from '../../receiver.ts'
import type { JiraSettings } from './jira.ts'

/** How Alertmanager delivers it. */
export const jiraReceiver: Receiver<JiraSettings> = {
  pager: true,
  since: '0.28',
  // Version 3 takes a document, not a text.
  can: ({ api_url: url }) => /\/2\/?$/.test(url),
  render({ api_url: url, username, api_token: token, ...settings }, secretFile) {
    const file = secretFile('api_token', token)
    return {
      jira_configs: [
        {
          api_url: url,
          project: settings.project,
          issue_type: settings.issue_type,
          send_resolved: true,
          summary: '{{ template "probity.title" . }}',
          description: '{{ template "probity.jira.text" . }}',
          priority: settings.priority ?? '',
          labels: [...settings.labels],
          ...(settings.resolve_transition !== undefined && {
            resolve_transition: settings.resolve_transition,
          }),
          http_config:
            username === undefined
              ? { authorization: { credentials_file: file } }
              : { basic_auth: { username, password_file: file } },
        },
      ],
    }
  },
}
