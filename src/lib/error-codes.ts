import { laterErrorCodes, space, type ErrorEntry } from './later-error-codes.ts'

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
  ALERTMANAGER_CANNOT: {
    when: 'A route asks for something that Alertmanager, which delivers to its channel, cannot do.',
    remedy: 'Write `via: probity` at that channel.',
  },
  ALERTMANAGER_REFUSED: {
    when: 'Alertmanager does not do what a silence asks for.',
    remedy: 'The message has its own words.',
  },
  ALERTMANAGER_TOO_OLD: {
    when: 'Alertmanager is to deliver to a channel that its version does not know.',
    remedy: 'Write `via: probity` at that channel, or use a newer Alertmanager.',
  },
  ALERTMANAGER_UNREACHABLE: {
    when: 'Alertmanager does not answer, so nothing can be silenced.',
    remedy: 'Check that it is running, and the address in `--alertmanager.url`.',
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
  COMMAND_RUN_INVALID: {
    when: 'What a notifier reports of the run of a command cannot be read.',
    remedy: 'Run the notifier and the exporter in the same version; the message names the field.',
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
  FILE_UNWRITABLE: {
    when: '`probity import` or `probity page export` cannot write its files.',
    remedy: space,
  },
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
  LINK_INVALID: {
    when: 'The link of a message cannot be used to silence its alert: it has expired, was used, the alert has ended, or this Probity makes no links.',
    remedy: 'Use the page of the target, or `probity ack`.',
  },
  LISTEN_FAILED: {
    when: 'Probity cannot listen on an address.',
    remedy: 'Choose another port, or stop the process that uses it.',
  },
  LOCATION_TAKEN: {
    when: 'Another location reports checks with a token that has the name of the `--location` of the receiver.',
    remedy: 'Create a token with another name for it.',
  },
  LOCATION_UNKNOWN: {
    when: 'A badge was asked for from a location that has not checked the target within a day.',
    remedy: 'Use one of the locations in the message.',
  },
  MARK_INVALID: {
    when: 'What is to be marked, or the event of a webhook, cannot be read.',
    remedy: 'The message says what is expected; docs/marks.md has examples.',
  },
  MARK_NOT_STORED: {
    when: 'The history does not take a mark now.',
    remedy: 'Send it again; the message says what the database said.',
  },
  MATCH_INVALID: {
    when: 'The labels that a report is to cover cannot be read.',
    remedy: 'Write matchers as Alertmanager has them, such as `vendor="stripe",target=~"api-.*"`.',
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
  ...laterErrorCodes,
} as const satisfies Readonly<Record<string, ErrorEntry>>

/** A stable identifier such as `CONFIG_INVALID`. */
export type ErrorCode = keyof typeof errorCodes
