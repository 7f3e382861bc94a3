import type { Alert } from '../alert.ts'

/** Where people find the pages that messages link to. */
export interface Places {
  /** The status page: that of solo, or of the exporter. Default: nobody said, so nothing links to it. */
  readonly externalUrl?: URL
  /** Grafana. Default: there is none, so no message links to a dashboard. */
  readonly grafanaUrl?: URL
}

/** Makes whole addresses of what the rules write as paths, and adds the pages of the target and of its incident. */
export function withLinks(alert: Alert, { externalUrl, grafanaUrl }: Places): Alert {
  const { annotations, labels, startsAt } = alert
  const { runbook_url: runbook = '', dashboard_url: dashboard = '' } = annotations
  const site = externalUrl && baseOf(externalUrl)
  const target = labels.target ?? ''
  const links = {
    runbook_url:
      site === undefined
        ? runbook
        : runbook.replace(/^docs\/([\w-]+)\.md/, (_, page) => `${site}/docs/${page}`),
    dashboard_url: dashboard.startsWith('/')
      ? grafanaUrl
        ? `${baseOf(grafanaUrl)}${dashboard}`
        : ''
      : dashboard,
    ...(site !== undefined && target !== '' && { target_url: `${site}/targets/${segment(target)}` }),
    // Only a target that is down is in an incident all the time.
    ...(site !== undefined &&
      annotations.failing_since !== undefined && {
        incident_url: `${site}/incidents/${incidentId(target, startsAt)}`,
      }),
  }
  return { ...alert, annotations: { ...annotations, ...links } }
}

/** Identifies the incident that a target had at a moment. */
function incidentId(target: string, at: Date): string {
  return `${segment(target)}@${at.toISOString().slice(0, 19)}Z`
}

/** Without a slash at the end. */
export function baseOf(url: URL): string {
  return url.href.replace(/\/+$/, '')
}

/** Names may hold anything: one that is `..` would lead elsewhere, and some readers end a link at a parenthesis. */
function segment(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /[!'()*]|^\.+$/g,
    (text) => `%${Buffer.from(text).toString('hex').toUpperCase().match(/../g)?.join('%') ?? ''}`,
  )
}
