/** Valid files, with much of what their languages have. */

export const detailedTargets: readonly string[] = [
  `defaults: &all { interval: 1m, timeout: 5s, labels: { team: shop }, alert_after: 3 }
vendors: { acme: { sla: 99.9% } }
modules:
  api: { method: POST, headers: { Accept: application/json }, expect: { status: [2xx, 401] } }
probe: { allow: ['https://.*\\.example/.*'], allow_networks: [10.0.0.0/8] }
targets:
  - name: pay
    url: https://pay.example/v1/charges?limit=3
    module: api
    auth: { bearer: "\${X}" }
    labels: { vendor: acme }
    runbook: https://wiki.example/pay
    depends_on: [dns]
    maintenance: [{ from: 2026-01-01T00:00, to: 2026-01-01T02:00 }]
    expect:
      max_latency: 300ms
      max_error_rate: 1%
      headers: { content-type: "^application/json" }
      json: { "$.data[0].status": paid }
      body: { contains: object, not_matches: "(?i)maintenance" }
  - { name: dns, dns: ns.example, timeout: 2s }
  - { name: mail, tcp: "mail.example:25", starttls: smtp }
  - { name: ping, icmp: 192.0.2.1, severity: warning }
  - { name: calls, calls: { host: ^pay\\.example$, path: ^/v1 }, expect: { max_latency: 2s } }
`,
  `targets:
  - name: login
    interval: 5m
    steps:
      - { name: form, url: https://shop.example/login, capture: { token: { regex: 'csrf="(\\w+)"' } } }
      - { name: send, url: https://shop.example/login, method: POST, body: "token={token}", expect: { status: 302 } }
  - name: socket
    websocket: wss://live.example/feed
    dialogue: [{ send: hello }, { expect: '^welcome (.*)$', labels: { greeting: '$1' } }]
  - { name: job, heartbeat: 1d }
  - { name: health, grpc: "grpc.example:443", use_tls: true, service: shop }
  - { name: disk, command: [df, -h, /] }
  - &base { name: base, url: https://a.example, expect: { status: 200 } }
  - { <<: *base, name: other }
`,
  `targets: [{ name: a, url: "http://[2001:db8::1]:8080/x" }]`,
]

/** What the others have not: every key at the top, and what is inherited. */
export const everyTargetKey: readonly string[] = [
  `defaults: { interval: 1m, timeout: 20s, module: api, labels: { team: web }, headers: { X-A: "\${X}" }, alert_after: 5m }
modules:
  api: { method: HEAD, expect: { status: 2xx }, timeout: 9s }
vendors: { pay: { sla: 99.9%, url: https://status.example } }
maintenance:
  - { targets: [a], from: 2026-12-01T22:00, to: 2026-12-02T02:00 }
  - { match: { team: web }, schedule: "0 22 * * 6", duration: 2h, timezone: Europe/Vienna }
probe: { allow: ["https://[a-z]+\\\\.example/.*"], allow_networks: [10.0.0.0/8] }
web: {}
targets:
  - name: a
    was: [before]
    url: https://a.example/\${NAME}
    labels: { vendor: pay }
    enabled: false
    alert_quorum: 2
    recover_after: 2
    retry: 5s
    job: checks
    notify: [log]
    runbook: https://wiki.example/a
    severity: info
  - { name: b, url: https://b.example, depends_on: a, interval: 10s, expect: { max_latency: 8s, status: [200, 2xx] } }
  - { name: c, tcp: "c.example:1", depends_on: [a, b], timeout: 3s, alert_after: off }
  - https://d.example/
`,
  `- targets: [https://a.example, "https://b.example/x"]
  labels: { team: web }
- targets: []
`,
  `targets:
  - { name: one, url: https://a.example, depends_on: two }
  - { name: two, url: https://b.example, depends_on: [three] }
  - { name: three, url: https://c.example }
targets_from:
  - { http_sd: https://inventory.example, template: { name: "{name}", url: "https://a.example/{path}" } }
`,
]

export const detailedNotify: readonly string[] = [
  `channels:
  team: { type: slack, webhook_url: "\${SLACK_WEBHOOK_URL}" }
  tickets:
    type: webhook
    url: https://tickets.example/alerts
    method: PUT
    headers: { Authorization: "Bearer \${X}" }
    body: { key: "{fingerprint}", labels: "{labels}", team: "{labels.team}" }
    delivery: { concurrency: 2, per_minute: 30, give_up_after: 1h, max_attempts: 5 }
    group_by: [vendor]
    group_wait: 10s
  page: { type: pagerduty, routing_key: "\${X}" }
  run: { type: command, command: [sh, -c, 'echo "$PROBITY_TITLE"'], timeout: 5s, cooldown: 1m }
  mail: { type: email, smtp_host: mail.example, from: a@shop.example, to: [b@shop.example] }
routes:
  - match: ['severity="critical"', 'team=~"shop|pay"']
    channels: [team, page]
    repeat: exponential
    quiet_hours: { from: "22:00", to: "06:00", timezone: Europe/Vienna, except: critical }
  - { match: { team: "~pay.*" }, channels: [tickets, run], repeat: 4h }
  - { channels: [mail], repeat: once }
`,
]

/** What the first one has not. */
export const everyNotifyKey: readonly string[] = [
  `channels:
  log: { type: log }
  run: { type: command, command: [echo, "\${NAME}"], group_by: off, via: probity, group_interval: 5m }
  hook: { type: webhook, url: "https://hooks.example/\${file:x}", headers: { X-A: "$\${b}", X-B: "\${EMPTY:-}" } }
  later: { type: slack, webhook_url: "\${NOT_SET}" }
  empty: { type: slack, webhook_url: "\${file:empty}", delivery: { per_minute: "30" } }
routes:
  - { match: [severity=critical, team!~"a|b", 'x!="y"'], channels: run, repeat: 5 }
  - { match: { team: ~a }, channels: [log], repeat: "5", quiet_hours: { from: "9:00", to: "17:00", except: [critical, info] } }
x-more: 1
`,
  'channels:\nroutes:\n',
  '# nothing yet\n',
]

export const mintaroFile = `/* what is promised */
method stripe.Charge.create(String currency) {
  max_latency = 100ms      # or latency
  max_error_rate: 0.5%;    // of the calls
  severity = warning, notify = slack
  runbook = "https://wiki.example/stripe"
  missing = off
}
token = "x"
method "a b" (int a, string b) { latency = 300us }
method com.shop.refund() { latency = 2s }
`

export const minitorFile = `check_interval: 30s
default_alert_after: 2
default_alert_down: [log, mail]
monitors:
  - name: My Website
    command: [curl, -s, -o, /dev/null, https://shop.example]
    alert_down: [log, mail]
    alert_up: [log]
    check_interval: 1m30s
    alert_after: 3
    alert_every: -1
  - name: disk
    command: test $(df / --output=pcent | tail -1 | tr -d ' %') -lt 90
    alert_every: 5
alerts:
  mail:
    command: [mail, -s, "{{.MonitorName}} is {{if .IsUp}}up{{else}}down{{end}}", me@shop.example]
  shell:
    command: 'echo "{{.MonitorName}} failed {{.FailureCount}} times since {{.LastSuccess}}: {{.LastCheckOutput}}"'
`

/** As Python's Minitor has it: no defaults, braces, and numbers. */
export const minitorPython = `check_interval: 30
x-place: 1
monitors:
  - { name: My Website, command: 'curl -s "https://shop.example" | grep -q ''\${X}''', alerts: [log, mail], alert_after: "\${AFTER:-3}" }
  - { name: My Website, command: [test, -f, "{{a}}"], check_interval: 5, alert_down: mail, alert_up: [mail], alert_every: 0 }
  - { name: 7, command: "true", alert_down: [up only], alert_up: [] }
  - { name: up, command: [a], alert_up: [up only, log] }
  - { name: both, command: [a], alert_down: [go], alert_up: [go] }
startup_alerts: [mail]
alerts:
  mail: { command: "echo '{monitor_name} {{x}} \${X}' # \${X}" }
  up only: { command: [echo, "{monitor_name}", "{{", "}}"] }
  go: { command: "echo {monitor_name}" }
  log!: { command: [echo] }
`

/** Scripts of a shell, with quotes in which variables are put in. */
export const minitorShell = `check_interval: "30"
monitors:
  - { name: a, command: "x '\${X}' \\\\' \\"\\\\'\${X}\\" # it's", alert_down: [sh], alert_up: [sh, end] }
  - { name: b, command: "cat <<E '\${X}'", alert_down: [down], check_interval: 1.5 }
alerts:
  sh: { command: "echo '\${X:-a}' # it's\\nx \\\\' '\${X}'" }
  down: { command: "cat <<E\\n'\${X}'\\nE" }
  end: { command: "echo 'open" }
  __: { command: "# all" }
  log: { command: [a, "{{", "{x}", "}"] }
`
