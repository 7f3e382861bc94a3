import { baseOf, type Places } from '../evidence/links.ts'

/** How a receiver writes a link. */
export interface LinkStyle {
  /** What may stand in an address that comes from a configuration. */
  readonly characters: string
  /** @param address A pipeline of templates, or text. */
  readonly link: (name: string, address: string) => string
}

export const plain: LinkStyle = {
  characters: '\\\\S',
  link: (name, address) => `${name}: ${address}`,
}

export const markdown: LinkStyle = {
  characters: '[^()<>\\\\s]',
  link: (name, address) => `[${name}](${address})`,
}

/** Text, where braces and brackets mean something too. */
export const strict: LinkStyle = {
  characters: '[^()<>{}|\\\\s]',
  link: plain.link,
}

export const slack: LinkStyle = {
  characters: '[^|<>\\\\s]',
  link: (name, address) => `<${address}|${name}>`,
}

/** A name as one segment of a path: one that is `..` would lead elsewhere. */
const segment = `{{ if match "^\\\\.+$" . }}{{ reReplaceAll "\\\\." "%2E" . }}{{ else }}{{ urlquery . | reReplaceAll "\\\\+" "%20" }}{{ end }}`

/**
 * The links of an alert, each on its line: those that src/alerts/evidence/links.ts adds where Probity delivers. Without a place,
 * only what is an address already.
 */
export function linksOf({ externalUrl, grafanaUrl }: Places, { characters, link }: LinkStyle): string {
  const site = externalUrl && baseOf(externalUrl)
  const isAddress = `match "^https?://${characters}{1,500}$" .`
  const escaped = '{{ template "probity.slack.escape" . }}'
  const own = link === slack.link ? escaped : '{{ . }}'
  const pages =
    site === undefined
      ? ''
      : `{{ with .Labels.target }}${link('Page', `${site}/targets/${segment}`)}
{{ if $alert.Annotations.failing_since }}${link('Incident', `${site}/incidents/${segment}@{{ $alert.StartsAt.UTC.Format "2006-01-02T15:04:05Z" }}`)}
{{ end }}{{ end }}`
  const runbook =
    site === undefined
      ? ''
      : `{{ else if match "^docs/[a-z-]+\\\\.md(#[a-z-]+)?$" . }}${link('Runbook', `${site}/{{ reReplaceAll "\\\\.md" "" . }}`)}
`
  const dashboard =
    grafanaUrl === undefined
      ? ''
      : `{{ with .Annotations.dashboard_url }}{{ if match "^/${characters}{1,500}$" . }}${link('Dashboard', `${baseOf(grafanaUrl)}${own}`)}
{{ end }}{{ end }}`
  return `${pages}{{ with .Annotations.runbook_url }}{{ if ${isAddress} }}${link('Runbook', own)}
${runbook}{{ end }}{{ end }}${dashboard}`
}
