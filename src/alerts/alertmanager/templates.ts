/**
 * The words of Alertmanager's own receivers: alertmanager/templates/probity.tmpl. Slack gives `<!channel>` and `<https://...>`
 * a meaning, wherever they come from, hence the escaping. What is too long for them is cut, because they refuse it.
 */
export const templates = `{{/* Made by \`probity render alertmanager\`. The words of Slack, e-mail and PagerDuty. */}}
{{ define "probity.title" -}}
{{ if eq .Status "firing" }}{{ or .CommonLabels.severity .Status | toUpper }}{{ else }}RESOLVED{{ end }}: {{ .CommonLabels.alertname }}
{{- if eq (len .Alerts) 1 }}{{ with .CommonLabels.target }} of {{ . }}{{ end }}{{ else }} ({{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved){{ end }}
{{- end }}

{{ define "probity.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}{{ if eq .Status "resolved" }}RESOLVED: {{ end }}{{ printf "%.500s" (or .Annotations.summary .Labels.alertname) }}
{{ with .Annotations.description }}{{ printf "%.1000s" . }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ end }}
{{ with .Annotations.runbook_url }}{{ if match "^https?://\\\\S{1,500}$" . }}Runbook: {{ . }}
{{ end }}{{ end }}
{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}... and more: {{ .ExternalURL }}
{{ end }}
{{- end }}

{{ define "probity.slack.escape" }}{{ . | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}{{ end }}

{{ define "probity.slack.title" }}{{ template "probity.slack.title.prefix" . }}{{ template "probity.slack.escape" (or .CommonLabels.alertname "Alert") }}{{ with .CommonLabels.target }} of {{ template "probity.slack.escape" . }}{{ end }}{{ end }}

{{ define "probity.slack.title.prefix" }}{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "critical" }}:red_circle: CRITICAL{{ else if eq .CommonLabels.severity "warning" }}:warning: WARNING{{ else }}:information_source: FIRING{{ end }}{{ else }}:white_check_mark: RESOLVED{{ end }}: {{ end }}

{{ define "probity.slack.text" -}}
{{ range $index, $alert := .Alerts }}{{ if lt $index 20 }}{{ if eq .Status "resolved" }}:white_check_mark: {{ end }}*{{ template "probity.slack.escape" (printf "%.500s" (or .Annotations.summary .Labels.alertname)) }}*
{{ with .Annotations.description }}{{ template "probity.slack.escape" (printf "%.1000s" .) }}
{{ end }}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05 UTC" }}{{ end }}{{ with .Labels.location }}, seen from {{ template "probity.slack.escape" . }}{{ end }}
{{ with .Annotations.runbook_url }}{{ if match "^https?://[^|<>\\\\s]{1,500}$" . }}<{{ template "probity.slack.escape" . }}|Runbook>
{{ end }}{{ end }}{{ end }}{{ end }}{{ if gt (len .Alerts) 20 }}... and more: {{ .ExternalURL }}
{{ end }}
{{- end }}
`
