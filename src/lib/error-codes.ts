/** What a person has to know of an error code. */
interface ErrorEntry {
  /** When it is raised. */
  readonly when: string
  /** What to do about it. */
  readonly remedy: string
}

const bug = 'It is internal to Probity. If you see it, report a bug.'
const space = 'Check that the path exists, that Probity may write there, and that the disk has space.'

/** Every code of a `ProbityError`. docs/errors.md is made of this table; a test holds it against the sources. */
export const errorCodes = {
  ADDRESS_BLOCKED: {
    when: 'A URL that is not configured leads to a private, loopback, link-local or metadata address.',
    remedy: 'List its network under `probe.allow_networks`, if it may be probed.',
  },
  ADDRESS_INVALID: {
    when: 'A listen address cannot be read.',
    remedy: 'Write `host:port` or `:port`, such as `127.0.0.1:9740`.',
  },
  ALERTMANAGER_TOO_OLD: {
    when: 'Alertmanager is to deliver to a channel that its version does not know.',
    remedy: 'Write `via: probity` at that channel, or use a newer Alertmanager.',
  },
  ASSETS_MISSING: {
    when: 'The scripts and styles of the pages are missing.',
    remedy: 'Run `npm run build`, or install the package again.',
  },
  BACKLOG_FULL: {
    when: 'The queue of notifications for the channels is full.',
    remedy:
      'Run `probity notify status` to see which channel does not accept them. Alertmanager sends them again.',
  },
  CALLS_UNAVAILABLE: {
    when: '`probity calls tail` gets no calls from the exporter.',
    remedy: 'Check the address, and that the exporter accepts calls.',
  },
  CHANNEL_UNKNOWN: {
    when: 'A channel was named that notify.yml does not have.',
    remedy: 'Use one of the names in the message.',
  },
  CONFIG_INVALID: {
    when: 'A configuration has mistakes. The message lists each with its line and column.',
    remedy: 'Correct them and run `probity check`. Until then, the old configuration stays in force.',
  },
  CONFIG_TOKEN_TWICE: {
    when: 'The token for the URL of the configuration is given twice.',
    remedy: 'Keep either `PROBITY_CONFIG_TOKEN` or `--config.token-file`.',
  },
  CONFIG_UNREACHABLE: {
    when: 'The configuration cannot be fetched from its URL.',
    remedy: 'Check the URL, the token and the server. The last good configuration stays in force.',
  },
  CONFIG_URL_INVALID: {
    when: 'The URL of the configuration is not allowed.',
    remedy: 'The message says why, and what is expected.',
  },
  DATABASE_CLOSED: {
    when: 'The history was read while the process was stopping.',
    remedy: 'Nothing: the process is stopping.',
  },
  DATABASE_GONE: {
    when: 'The built-in database has stopped.',
    remedy: 'Nothing: it is opened again. If it keeps stopping, look for the cause in the log.',
  },
  DATABASE_PASSWORD_UNREADABLE: {
    when: 'The file that `DATABASE_PASSWORD_FILE` names cannot be read.',
    remedy: 'Check its path, and that the user of the process may read it.',
  },
  DATABASE_UNREADABLE: {
    when: 'The files of the built-in database cannot be opened.',
    remedy: 'Restore the folder from a backup, or move it away to start a new history.',
  },
  DATABASE_URL_INVALID: {
    when: '`DATABASE_URL` is not the URL of a PostgreSQL server.',
    remedy: 'Write `postgres://user:password@host:5432/database`, special characters percent-encoded.',
  },
  DEADLINE_REACHED: {
    when: 'A check ran into its timeout. It becomes the reason `timeout` of a result.',
    remedy: 'Find out why the target is slow, or raise `timeout`.',
  },
  DELAY_INVALID: {
    when: '`--web.shutdown-delay` cannot be read.',
    remedy: 'Write a duration of at most five minutes, such as `20s`.',
  },
  DELIVERY_FAILED: {
    when: 'A channel could not deliver a notification.',
    remedy: 'The message says what its server answered. If another attempt can help, Probity makes it.',
  },
  DURATION_INVALID: {
    when: 'A duration on the command line cannot be read.',
    remedy: 'Write one such as `30d`, `12h` or `90s`.',
  },
  ENV_FILE_UNREADABLE: {
    when: 'The file `.env` in the working directory is there, but cannot be read.',
    remedy: 'Let Probity read it, or move it away.',
  },
  FILES_TOO_FEW: {
    when: 'The process may have too few files and connections open to work.',
    remedy: 'Raise the limit: `ulimit -n 65536`, `LimitNOFILE=65536` in systemd, or `ulimits:` in Compose.',
  },
  FILE_EXISTS: {
    when: '`probity import` would replace a file.',
    remedy: 'Choose another `--out`, or `--force`.',
  },
  FILE_MOVED: {
    when: 'A state file was moved or removed while Probity was writing it.',
    remedy: 'Nothing: it is written again from memory. Stop Probity before you move its files.',
  },
  FILE_UNWRITABLE: { when: '`probity import` cannot write its files.', remedy: space },
  FOLDER_LOCKED: {
    when: 'Another process uses the folder of the history or of the state.',
    remedy: 'Stop that process, or give this one its own folder with `--storage.path`.',
  },
  HISTORY_MISSING: {
    when: '`probity report` finds no history.',
    remedy: 'Set `DATABASE_URL`, or name its folder with `--storage.path`.',
  },
  HISTORY_UNREACHABLE: {
    when: '`probity report` cannot use the database.',
    remedy: 'Check `DATABASE_URL`, and that the server is running.',
  },
  IMPORT_INVALID: {
    when: 'The file to import cannot be read.',
    remedy: 'The message says where its syntax is wrong.',
  },
  IMPORT_UNKNOWN: {
    when: 'The file to import does not belong to the program that was named.',
    remedy: 'Name the right program, or the right file.',
  },
  LIFETIME_INVALID: { when: 'The lifetime of a token cannot be read.', remedy: 'Write one such as `90d`.' },
  LISTEN_FAILED: {
    when: 'Probity cannot listen on an address.',
    remedy: 'Choose another port, or stop the process that uses it.',
  },
  MODULE_INVALID: {
    when: 'A module cannot be used with the URL that was requested.',
    remedy: 'The message names the key at fault.',
  },
  MODULE_NOT_APPLICABLE: {
    when: '`/probe` was given `module` for a configured target, which has its own settings.',
    remedy: 'Leave `module` out.',
  },
  MODULE_UNKNOWN: {
    when: 'There is no module with that name.',
    remedy: 'Use one of the names in the message.',
  },
  MODULE_UNUSABLE: {
    when: 'A module of a blackbox.yml uses something that Probity does not support.',
    remedy: '`probity check` says what that is. Write a module under `modules`.',
  },
  MONTH_INVALID: { when: 'The month of a report cannot be read.', remedy: 'Write one such as `2026-10`.' },
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
  PROBER_BUSY: {
    when: 'More probes are asked for than this machine can make, and this one could not be begun in time.',
    remedy: 'Raise intervals, give Probity more processors, or divide the targets among several exporters.',
  },
  PROBE_FAILED: { when: 'A step of a check failed. It becomes the failure of a result.', remedy: bug },
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

/** A stable identifier such as `CONFIG_INVALID`. */
export type ErrorCode = keyof typeof errorCodes
