/** What a person has to know of an error code. */
export interface ErrorEntry {
  /** When it is raised. */
  readonly when: string
  /** What to do about it. */
  readonly remedy: string
}

const bug = 'It is internal to Probity. If you see it, report a bug.'
export const space = 'Check that the path exists, that Probity may write there, and that the disk has space.'

/** The second half of the table, by the alphabet. */
export const laterErrorCodes = {
  NETWORKS_MISSING: {
    when: 'Other machines can reach the UDP address for calls, and nothing says which of them may send.',
    remedy: 'Set `--calls.allow-networks`, such as `10.0.0.0/8`, or listen on `127.0.0.1`.',
  },
  NOTHING_TO_EXPLAIN: {
    when: '`probity explain` finds no stored check of the target in the three days before the moment.',
    remedy:
      'Set `--storage.path` or `DATABASE_URL` to where results are stored, or ask about another moment with `--at`.',
  },
  NOTIFIER_UNREACHABLE: {
    when: '`probity notify status` cannot reach the notifier.',
    remedy: 'Check its address, and that it is running.',
  },
  ORIGINS_INVALID: {
    when: '`--calls.cors-origins` cannot be read, or is `*` and nobody needs a token to report calls.',
    remedy: 'Write origins such as `https://shop.example`. For `*`, create a token of scope `calls` first.',
  },
  PAGE_UNKNOWN: {
    when: '`probity page export` is asked for a page that `web.public` does not have.',
    remedy: 'Write the `path` of a page of `web.public`, or add one.',
  },
  PARAMETER_REPEATED: {
    when: 'A parameter of `/probe` was given more than once.',
    remedy: 'Give it once.',
  },
  PATH_INVALID: {
    when: '`--web.route-prefix` or `--web.telemetry-path` cannot be read.',
    remedy: 'Write a path such as `/probity`.',
  },
  PAYLOAD_INVALID: {
    when: 'The notifier was sent something that is not a message of Alertmanager.',
    remedy: 'Check which program sends it, and the version of Alertmanager.',
  },
  PEER_INVALID: {
    when: 'What came to `/api/v1/peer` is not what the other solo of a pair says.',
    remedy:
      'The message says why. Both must have the same version, and `peers:` the address of the other one.',
  },
  PERIOD_INVALID: {
    when: 'The period of a report cannot be read.',
    remedy: 'Write a month such as `2026-10`, or a week such as `2026-W44`.',
  },
  PROBER_BUSY: {
    when: 'More probes are asked for than this machine can make, and this one could not be begun in time.',
    remedy: 'Raise intervals, give Probity more processors, or divide the targets among several exporters.',
  },
  PROBE_FAILED: { when: 'A step of a check failed. It becomes the failure of a result.', remedy: bug },
  PROBITY_REFUSED: {
    when: 'A running Probity does not do what `probity silence` or `probity ack` asks for.',
    remedy: 'The message has its own words.',
  },
  PROBITY_UNREACHABLE: {
    when: '`probity status` gets no answer from an exporter or solo.',
    remedy: 'Start one, or set its address with `--url`, and `--token-file` if it wants a token.',
  },
  PROMETHEUS_UNREACHABLE: {
    when: '`probity explain --prometheus` gets no answer from Prometheus, or one that says no.',
    remedy: 'Check the address, which is that of its pages, and that it runs.',
  },
  QUERY_INVALID: {
    when: 'A request to `/api/v1` has a parameter that cannot be read.',
    remedy: 'The message says what is expected. [openapi.json](openapi.json) has all parameters.',
  },
  REPORT_REFUSED: {
    when: 'The process that uses the history refuses to make the report.',
    remedy: 'The message says why.',
  },
  REPORT_TO_INVALID: {
    when: '`--report-to` is not the address of a Probity that is safe to send a token to, or its token is missing or given twice.',
    remedy: 'Use an `https://` URL, and `--report-to.token-file` or `PROBITY_REPORT_TO_TOKEN`.',
  },
  REPORT_UNKNOWN: {
    when: '`probity report send` was given the name of a report that notify.yml does not have.',
    remedy: 'Use one of the names in the message.',
  },
  RESULTS_INVALID: {
    when: '`/api/v1/results` was sent something that is not a batch of checks.',
    remedy: 'Update the Probity that reports, or the one that is reported to.',
  },
  RESULTS_NOT_STORED: {
    when: 'Another location reports checks, and the database does not take them.',
    remedy: 'See the log of the receiver. The sender keeps the checks and tries again.',
  },
  RETENTION_INVALID: {
    when: '`--history.raw-retention` or `--history.hourly-retention` cannot be read.',
    remedy: 'Write a duration of at least `1d`, such as `30d`.',
  },
  SCHEMA_TOO_NEW: {
    when: 'A newer version of Probity has upgraded the database.',
    remedy: 'Update Probity on this machine.',
  },
  SCHEMA_TOO_OLD: {
    when: 'The database was made by a version of Probity that was never released.',
    remedy: 'Point Probity at an empty database or folder; the old one is left as it is.',
  },
  SILENCES_TOO_MANY: {
    when: 'A silence was asked for, and there are as many already as solo keeps.',
    remedy: 'End some with `probity silence end`, or use one silence whose matcher is a regex.',
  },
  SILENCE_INVALID: {
    when: 'A silence or an acknowledgement was asked for that cannot be understood.',
    remedy: 'The message says what is expected.',
  },
  SILENCE_UNKNOWN: {
    when: 'A silence is to end that is not there, or has ended.',
    remedy: 'Run `probity silence list` to see those that are there.',
  },
  SOCKET_MISSING: {
    when: '`--web.systemd-socket` is set, but systemd has not passed one socket.',
    remedy: 'Start Probity by a socket unit with one `ListenStream=`, or leave out the flag.',
  },
  SOURCE_UNREACHABLE: {
    when: 'A source of `targets_from` was asked with `--discover`, and gave no answer that can be read.',
    remedy: 'The message says why. Check its address, its token and its server.',
  },
  STATE_CLOSED: {
    when: 'Something was stored while the process was stopping.',
    remedy: 'Nothing: the process is stopping.',
  },
  STATE_SLOW: {
    when: 'A write to the disk did not finish in time.',
    remedy: 'Check the disk. Meanwhile, notifications are sent from memory.',
  },
  STATE_UNREADABLE: {
    when: 'The file that holds the state of alerts or heartbeats cannot be read.',
    remedy: 'Check its permissions. Move it away to start without it.',
  },
  STATE_UNWRITABLE: {
    when: 'The file that holds the state of alerts or heartbeats cannot be written.',
    remedy: space,
  },
  STORAGE_UNWRITABLE: { when: 'The history cannot be stored in its folder.', remedy: space },
  SUBJECT_UNKNOWN: {
    when: '`probity explain` is asked about something that is neither a target that is checked nor an alert about one.',
    remedy: 'Give the name of a target, as in targets.yml, or of an alert, such as `TargetDown`.',
  },
  SUBSCRIBERS_UNAVAILABLE: {
    when: 'The database does not say now who has subscribed to public pages.',
    remedy: 'Try again; the message has the words of the database.',
  },
  SUBSCRIBE_UNUSABLE: {
    when: 'A public page has `subscribe`, and what that needs is missing.',
    remedy:
      'The message says what: the history (`DATABASE_URL`, or solo), or the `host` of the page or `--web.external-url`.',
  },
  TARGET_MISSING: { when: '`/probe` was asked without a target.', remedy: 'Ask for `/probe?target=NAME`.' },
  TARGET_NOT_ALLOWED: {
    when: '`/probe` was asked for a URL that is not configured and matches nothing in `probe.allow`.',
    remedy: 'Add the target, or a pattern.',
  },
  TARGET_PAUSED: { when: '`/probe` was asked for a paused target.', remedy: 'Remove its `enabled: false`.' },
  TARGET_UNKNOWN: {
    when: 'No target has that name.',
    remedy: 'Add it to targets.yml, or correct the name.',
  },
  TIMEOUT_HEADER_INVALID: {
    when: 'The header `X-Prometheus-Scrape-Timeout-Seconds` is not a positive number.',
    remedy: 'Check which program asks: Prometheus sends a number.',
  },
  TIME_INVALID: {
    when: 'A time on the command line cannot be read.',
    remedy: 'Write one such as `2026-11-21T03:00:00Z`.',
  },
  TIME_ZONE_UNKNOWN: {
    when: 'A report was asked for in a time zone that does not exist.',
    remedy: 'Write one such as `UTC` or `Europe/Berlin`.',
  },
  TOKENS_INVALID: {
    when: 'A line of the file with the tokens is damaged. The message names the line.',
    remedy: 'Restore the file from a backup, or delete the line and create its token again.',
  },
  TOKENS_UNREADABLE: {
    when: 'The file with the tokens cannot be read.',
    remedy: 'Check its permissions: only the user who created it can read it. Run Probity as that user.',
  },
  TOKENS_UNWRITABLE: { when: 'The file with the tokens cannot be written.', remedy: space },
  TOKEN_MISSING: { when: 'The token file does not exist.', remedy: 'Check its path.' },
  TOKEN_NAME_INVALID: {
    when: '`probity token create` was given a name that is not valid, or that a token already has.',
    remedy: 'Choose another name, or revoke the other token with `probity token revoke`.',
  },
  TOKEN_UNKNOWN: {
    when: '`probity token revoke` was given a name that no token has.',
    remedy: 'Run `probity token list` for the names.',
  },
  TOKEN_UNREADABLE: {
    when: 'A token file cannot be read, or does not hold one word.',
    remedy: 'Check its permissions, or delete it to have a new token created.',
  },
  TOKEN_UNWRITABLE: { when: 'A token file cannot be created.', remedy: space },
  TOO_MANY_STEPS: {
    when: 'A JSONPath takes more work on a body than a check may use.',
    remedy: 'Write a narrower path, such as `$.data[0].id` instead of `$..id`.',
  },
  URL_INVALID: { when: 'A URL, or the target of a module, cannot be read.', remedy: 'See its message.' },
  VENDOR_UNKNOWN: { when: 'No vendor has that name.', remedy: 'Use one of the names in the message.' },
  WORKERS_INVALID: { when: '`--probe.workers` cannot be read.', remedy: 'Write a number from 0 to 64.' },
} as const satisfies Readonly<Record<string, ErrorEntry>>
