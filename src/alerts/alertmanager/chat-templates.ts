import type { Places } from '../evidence/links.ts'
import { linksOf, markdown, strict, type LinkStyle } from './template-links.ts'

/** How a receiver writes a text. */
interface TextStyle {
  /** The template that takes the meaning out of a text. */
  readonly escape: string
  readonly links: LinkStyle
  readonly lineEnd: string
}

/** Takes the meaning out of a mention and of `<https://...>`: nothing that is seen is added. */
const apart = String.raw`reReplaceAll "([@<])" "$${1}\u200b"`

/** A backslash before each mark of Markdown, as src/channels/shared/markup.ts writes it. */
const escapes = String.raw`{{ define "probity.markdown.escape" }}{{ . | reReplaceAll "([\\\\` + '`' + String.raw`*_{}\\[\\]()#+.!|>~-])" "\\$${1}" | ${apart} }}{{ end }}

{{ define "probity.uncalled.escape" }}{{ . | ${apart} }}{{ end }}

{{ define "probity.jira.escape" }}{{ . | reReplaceAll "\\{noformat" "{ noformat" }}{{ end }}
`

/** Alerts that a text names, and characters of each part: messages of Teams have at most 28 KB, those of others less. */
const maxAlerts = 8
const maxPart = 250

function title(name: string, escape: string): string {
  return `{{ define "${name}" }}{{ if eq .Status "firing" }}🔴 {{ template "${escape}" (or .CommonLabels.severity .Status | toUpper) }}{{ else }}✅ RESOLVED{{ end }}: {{ template "${escape}" (or .CommonLabels.alertname "Alert") }}
{{- if eq (len .Alerts) 1 }}{{ with .CommonLabels.target }} of {{ template "${escape}" . }}{{ end }}{{ else }} ({{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved){{ end }}
{{- end }}
`
}

function text(name: string, places: Places, { escape, links, lineEnd }: TextStyle): string {
  const part = (value: string): string => `{{ template "${escape}" (printf "%.${maxPart}s" ${value}) }}`
  return `{{ define "${name}" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index ${maxAlerts} }}{{ if eq .Status "resolved" }}RESOLVED: {{ end }}${part('(or .Annotations.summary .Labels.alertname)')}${lineEnd}{{ with .Annotations.description }}${part('.')}${lineEnd}{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ end }}${lineEnd}{{ with .Annotations.reason }}Reason: ${part('.')}${lineEnd}{{ end }}${linksOf(places, links).replaceAll('\n', lineEnd)}${lineEnd}{{ end }}{{ end }}{{ if gt (len .Alerts) ${maxAlerts} }}... and more: {{ .ExternalURL }}{{ end }}
{{- end }}
`
}

/** Amazon SNS takes up to 100 characters of ASCII. */
const subject = `{{ define "probity.subject" }}{{ if eq .Status "firing" }}FIRING{{ else }}RESOLVED{{ end }}: {{ or .CommonLabels.alertname "Alert" | reReplaceAll "[^ -~]" "" | printf "%.40s" }}{{ with .CommonLabels.target }} of {{ . | reReplaceAll "[^ -~]" "" | printf "%.40s" }}{{ end }}{{ end }}
`

/** The texts of the receivers for chats, issues and topics: they give marks and names a meaning, wherever they come from. */
export function chatTemplates(places: Places): string {
  const asMarkdown = { escape: 'probity.markdown.escape', links: markdown }
  const asText = { links: strict, lineEnd: '\n' }
  return [
    escapes,
    title('probity.markdown.title', 'probity.markdown.escape'),
    title('probity.uncalled.title', 'probity.uncalled.escape'),
    text('probity.markdown.text', places, { ...asMarkdown, lineEnd: '\n' }),
    // Where one line feed alone is a blank.
    text('probity.paragraphs.text', places, { ...asMarkdown, lineEnd: '\n\n' }),
    text('probity.uncalled.text', places, { ...asText, escape: 'probity.uncalled.escape' }),
    text('probity.jira.plain', places, { ...asText, escape: 'probity.jira.escape' }),
    '{{ define "probity.jira.text" }}{noformat}\n{{ template "probity.jira.plain" . }}\n{noformat}{{ end }}\n',
    subject,
  ].join('\n')
}
