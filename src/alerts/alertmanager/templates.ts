/**
 * The words of Alertmanager's own receivers: alertmanager/templates/probity.tmpl. Slack gives `<!channel>` and `<https://...>`
 * a meaning, wherever they come from, hence the escaping.
 */
export const templates = `{{/* Made by \`probity render alertmanager\`. The words of Slack, e-mail and PagerDuty. */}}
{{ define "probity.title" -}}
{{ if eq .Status "firing" }}{{ or .CommonLabels.severity .Status | toUpper }}{{ else }}RESOLVED{{ end }}: {{ .CommonLabels.alertname }}
{{- if eq (len .Alerts) 1 }}{{ with .CommonLabels.target }} of {{ . }}{{ end }}{{ else }} ({{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved){{ end }}
{{- end }}

{{ define "probity.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}{{ if eq .Status "resolved" }}RESOLVED: {{ end }}{{ or .Annotations.summary .Labels.alertname }}
{{ with .Annotations.description }}{{ . }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ end }}
{{ with .Annotations.runbook_url }}{{ if match "^https?://" . }}Runbook: {{ . }}
{{ end }}{{ end }}
{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}... and more: {{ .ExternalURL }}
{{ end }}
{{- end }}

{{ define "probity.slack.escape" }}{{ . | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}{{ end }}

{{ define "probity.slack.title" }}{{ template "probity.slack.title.prefix" . }}{{ template "probity.slack.escape" (or .CommonLabels.alertname "Alert") }}{{ with .CommonLabels.target }} of {{ template "probity.slack.escape" . }}{{ end }}{{ end }}

{{ define "probity.slack.title.prefix" }}{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "critical" }}:red_circle: CRITICAL{{ else if eq .CommonLabels.severity "warning" }}:warning: WARNING{{ else }}:information_source: FIRING{{ end }}{{ else }}:white_check_mark: RESOLVED{{ end }}: {{ end }}

{{ define "probity.slack.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}{{ if eq .Status "resolved" }}:white_check_mark: {{ end }}*{{ template "probity.slack.escape" (or .Annotations.summary .Labels.alertname) }}*
{{ with .Annotations.description }}{{ template "probity.slack.escape" . }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ end }}{{ with .Labels.location }}, seen from {{ template "probity.slack.escape" . }}{{ end }}
{{ with .Annotations.runbook_url }}{{ if match "^https?://[^|<>\\\\s]+$" . }}<{{ template "probity.slack.escape" . }}|Runbook>
{{ end }}{{ end }}{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}... and more: {{ .ExternalURL }}
{{ end }}
{{- end }}
`
