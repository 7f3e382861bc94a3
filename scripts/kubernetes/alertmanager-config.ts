import { parse } from 'yaml'
import { defaultRendering } from '../../src/app/notify/alertmanager.ts'
import { manifest } from './manifest.ts'

type Value = string | boolean | Value[] | { [key: string]: Value }

interface Rendered {
  readonly route: Value
  readonly receivers: readonly {
    readonly name: string
    readonly webhook_configs?: readonly { url: string }[]
  }[]
  readonly inhibit_rules: readonly Readonly<Record<string, Value>>[]
}

/** Where the Alertmanager of the operator, in another namespace, reaches the notifier. */
const notifierUrl = 'http://notifier.probity.svc:9741'

/** The default alertmanager.yml as prometheus-operator reads it: everything is sent to the notifier. */
export function alertmanagerConfig(): string {
  const { route, receivers, inhibit_rules: inhibitRules } = parse(defaultRendering().text) as Rendered
  return manifest('the default of alertmanager/alertmanager.yml', {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'AlertmanagerConfig',
    metadata: { name: 'probity', labels: { 'app.kubernetes.io/name': 'probity' } },
    spec: {
      route: camelCase(route),
      receivers: receivers.map(({ name, webhook_configs: webhooks }) => ({
        name,
        ...(webhooks && { webhookConfigs: webhooks.map(({ url }) => webhook(new URL(url).pathname)) }),
      })),
      inhibitRules: inhibitRules.map((rule) =>
        camelCase({
          ...rename(rule, 'source_matchers', 'source_match'),
          ...rename(rule, 'target_matchers', 'target_match'),
          ...rename(rule, 'equal', 'equal'),
        }),
      ),
    },
  })
}

function webhook(path: string): object {
  return {
    url: `${notifierUrl}${path}`,
    sendResolved: true,
    httpConfig: {
      authorization: { type: 'Bearer', credentials: { name: 'probity-notifier', key: 'notifier-token' } },
    },
  }
}

function rename(rule: Readonly<Record<string, Value>>, from: string, to: string): Record<string, Value> {
  const value = rule[from]
  return value === undefined ? {} : { [to]: value }
}

/** The keys of the operator are those of Alertmanager in camel case; its matchers are objects. */
function camelCase(value: Value): Value {
  if (Array.isArray(value)) return value.map(camelCase)
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      /match/.test(key) ? (inner as string[]).map(matcher) : camelCase(inner),
    ]),
  )
}

function matcher(text: string): Value {
  const [, name = '', matchType = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? []
  return { name, matchType, value }
}
