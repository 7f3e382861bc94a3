import { ConfigError } from '../../settings/errors.ts'
import { Issues, type Place } from '../../settings/issues.ts'
import { formatPath } from '../../settings/path.ts'
import type { LoadedWith } from '../../settings/reload/reloading.ts'
import { createExpander } from '../../settings/secrets.ts'
import type { Sources } from '../../settings/sources.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import { webConfigSchema, type WrittenWebConfig } from './schema.ts'
import { readTls } from './tls.ts'
import type { WebConfig } from './web-config.ts'

/** What only a restart can change: whether there is TLS, and whether clients are asked for certificates. */
export interface FixedAtStart {
  readonly tls: boolean
  readonly asksForCertificates: boolean
}

/** What is fixed once a configuration has been used. */
export function fixedIn({ tls }: WebConfig): FixedAtStart {
  return {
    tls: tls !== undefined,
    asksForCertificates: (tls?.clientAuth ?? 'NoClientCert') !== 'NoClientCert',
  }
}

/**
 * Makes a configuration of what was read.
 *
 * @param fixed What the running process cannot change. Default: nothing runs yet.
 * @throws {@link ConfigError} with everything that is wrong, and its place.
 */
export function parseWebConfig(
  { sources, directory, files }: Sources,
  { env, readSecret }: LoadedWith,
  fixed?: FixedAtStart,
): WebConfig {
  const expander = createExpander({ env, directory, readSecret })
  const issues = new Issues([], expander)
  const certificates: string[] = []
  let config: Omit<WebConfig, 'files'> | undefined
  const [source] = sources
  if (source === undefined || sources.length > 1) throw new ConfigError([notOneFile(directory)], files)
  const { tree, problems } = parseYaml(source.text)
  for (const { path, ...problem } of problems)
    issues.addRaw({ file: source.file, ...problem, path: formatPath(path) })
  if (tree !== undefined) {
    const top: Place = { source: { file: source.file, tree }, at: [] }
    // What was cut off by a full disk must not open the door.
    if (tree.value === null)
      issues.add(top, [], 'value', 'is empty: to let everybody in, leave --web.config.file out')
    const { data, error } = webConfigSchema(expander).safeParse(tree.value ?? {})
    for (const issue of error?.issues ?? []) issues.addZod(top, issue)
    if (data) {
      const report = (key: string, message: string): void => {
        issues.add(top, ['tls_server_config', key], 'value', message)
      }
      const written = data.tls_server_config
      const tls =
        written &&
        readTls(written, {
          directory,
          readFile: readSecret,
          onFile: (path) => void certificates.push(path),
          report,
        })
      config = { ...settingsOf(data), ...(tls && { tls }) }
      if (fixed && issues.empty)
        for (const message of changesOf(fixed, fixedIn({ ...config, files })))
          issues.add(top, ['tls_server_config'], 'key', message)
    }
  }
  const read = [...files, ...expander.files, ...certificates]
  if (!issues.empty || config === undefined) throw new ConfigError(issues.sorted(), read)
  return { ...config, files: read }
}

function settingsOf({
  http_server_config: http,
  basic_auth_users: users,
  oidc,
  trusted_proxy: proxy,
}: WrittenWebConfig) {
  return {
    headers: http?.headers ?? {},
    users: new Map(Object.entries(users)),
    ...(oidc && {
      oidc: {
        issuer: oidc.issuer,
        clientId: oidc.client_id,
        clientSecret: oidc.client_secret,
        ...(oidc.redirect_url !== undefined && { redirectUrl: new URL(oidc.redirect_url) }),
        requestScopes: oidc.request_scopes,
        groupsClaim: oidc.groups_claim,
        scopes: oidc.scopes,
      },
    }),
    ...(proxy && {
      proxy: {
        networks: proxy.networks,
        userHeader: proxy.user_header,
        groupsHeader: proxy.groups_header,
        scopes: proxy.scopes,
      },
    }),
  }
}

function changesOf(before: FixedAtStart, after: FixedAtStart): string[] {
  if (before.tls !== after.tls) return [`turning TLS ${after.tls ? 'on' : 'off'} needs a restart`]
  if (before.asksForCertificates === after.asksForCertificates) return []
  return ['client_auth_type cannot change to or from NoClientCert without a restart']
}

function notOneFile(directory: string) {
  return { file: directory, line: 0, column: 0, path: '', message: 'expected a file, got a directory' }
}
