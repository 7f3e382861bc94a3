import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { CommanderError } from 'commander'
import { codeOf, messageOf, ProbityError } from './lib/errors.ts'
import { loadEnvFile } from './lib/io/env-file.ts'
import { moreFiles, openFileLimit, requireFiles } from './lib/io/file-limit.ts'
import { versionText } from './lib/version.ts'

interface Row {
  readonly name: string
  readonly summary: string
  /** Imported only when it is asked for, so that `probity check` does not load a database driver. */
  readonly load: () => Promise<CommandUnknownOpts>
}

/** Run until they are stopped, and so need files for a long time. */
const services = new Set(['solo', 'exporter', 'notifier'])

/** Every command of the program. */
const commands: readonly Row[] = [
  {
    name: 'solo',
    summary: 'watch, show and notify in one process, without Prometheus',
    load: async () => (await import('./commands/solo.ts')).soloCommand(),
  },
  {
    name: 'exporter',
    summary: 'answer /probe, /sd and /metrics for Prometheus',
    load: async () => (await import('./commands/exporter.ts')).exporterCommand(),
  },
  {
    name: 'notifier',
    summary: "receive Alertmanager's notifications and write the alerts log",
    load: async () => (await import('./commands/notifier.ts')).notifierCommand(),
  },
  {
    name: 'probe',
    summary: 'probe one target now and print what was expected and seen',
    load: async () => (await import('./commands/probe/probe.ts')).probeCommand(),
  },
  {
    name: 'notify',
    summary: 'send a test through every channel, or show what could not be delivered',
    load: async () => (await import('./commands/notify.ts')).notifyCommand(),
  },
  {
    name: 'render',
    summary: 'generate alertmanager.yml from notify.yml',
    load: async () => (await import('./commands/render.ts')).renderCommand(),
  },
  {
    name: 'import',
    summary: "convert another program's configuration to targets.yml and notify.yml",
    load: async () => await (await import('./commands/import.ts')).importCommand(),
  },
  {
    name: 'report',
    summary: 'measure vendors against their promises',
    load: async () => (await import('./commands/report/report.ts')).reportCommand(),
  },
  {
    name: 'simulate',
    summary: 'show which alerts the stored checks give, now and with an edited configuration',
    load: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  },
  {
    name: 'suggest',
    summary: 'suggest limits that would have suited the stored checks better',
    load: async () => (await import('./commands/suggest.ts')).suggestCommand(),
  },
  {
    name: 'explain',
    summary: 'say why the alerts about a target fire, or do not',
    load: async () => (await import('./commands/explain.ts')).explainCommand(),
  },
  {
    name: 'silence',
    summary: 'silence alerts for some time, list what is silenced, or end it',
    load: async () => (await import('./commands/silence/silence.ts')).silenceCommand(),
  },
  {
    name: 'ack',
    summary: 'acknowledge alerts that fire: nobody is notified of them again',
    load: async () => (await import('./commands/silence/ack.ts')).ackCommand(),
  },
  {
    name: 'mark',
    summary: 'say that something has changed, such as a deployment',
    load: async () => (await import('./commands/mark.ts')).markCommand(),
  },
  {
    name: 'calls',
    summary: 'show the calls that programs report, as they arrive',
    load: async () => (await import('./commands/calls.ts')).callsCommand(),
  },
  {
    name: 'token',
    summary: 'create, list and revoke the tokens of those who report calls',
    load: async () => (await import('./commands/token.ts')).tokenCommand(),
  },
  {
    name: 'check',
    summary: 'validate a configuration and print its summary',
    load: async () => (await import('./commands/check/check.ts')).checkCommand(),
  },
  {
    name: 'list',
    summary: 'list the targets of a configuration',
    load: async () => (await import('./commands/list.ts')).listCommand(),
  },
  {
    name: 'status',
    summary: 'show the targets of a running Probity; exit code 1 if one is down',
    load: async () => (await import('./commands/status.ts')).statusCommand(),
  },
  {
    name: 'page',
    summary: 'write public pages as files, to be served elsewhere',
    load: async () => (await import('./commands/page/page.ts')).pageCommand(),
  },
  {
    name: 'open',
    summary: 'print the address of the status page, and open it',
    load: async () => (await import('./commands/open.ts')).openCommand(),
  },
  {
    name: 'demo',
    summary: 'watch ten services that misbehave, to try Probity out',
    load: async () => (await import('./commands/demo.ts')).demoCommand(),
  },
  {
    name: 'files',
    summary: 'copy rules, dashboards, templates and clients into a folder',
    load: async () => (await import('./commands/files.ts')).filesCommand(),
  },
  {
    name: 'init',
    summary: 'write a first configuration',
    load: async () => (await import('./commands/init.ts')).initCommand(),
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands and flags in a shell',
    load: async () => (await import('./commands/completion.ts')).completionCommand(),
  },
]

/**
 * The program with its commands.
 *
 * @param isWanted Which commands are loaded with their flags; of the others only the summary is known. Default: all.
 */
export async function loadProgram(
  isWanted: (name: string) => boolean = () => true,
): Promise<CommandUnknownOpts> {
  const program = new Command('probity')
    .description(
      'Tells you, with evidence, whether the services and APIs you depend on behave as you expect.',
    )
    .version(versionText())
    .showHelpAfterError('(run "probity --help" for the commands)')
  for (const row of commands) {
    program.addCommand(isWanted(row.name) ? await row.load() : new Command(row.name).description(row.summary))
  }
  return program
}

/** Runs the program. Sets the exit code; a service keeps the process alive by what it listens on. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    if (services.has(argv[2] ?? '')) requireFiles(openFileLimit())
    else process.stdout.on('error', endWithReader)
    loadEnvFile('.env')
    // What completes every command has to know them all.
    const program = await loadProgram((name) => name === argv[2] || argv[2] === 'completion')
    await program.parseAsync(argv)
  } catch (error) {
    if (isShortOfFiles(error)) {
      process.stderr.write(`this process may not have enough files open: ${moreFiles}\n`)
      process.exitCode = 1
      return
    }
    if (!(error instanceof ProbityError) && !(error instanceof CommanderError)) throw error
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

/** `head` and pagers read as much as they want: that nobody reads the rest is not a mistake. */
function endWithReader(error: Error): void {
  if (codeOf(error) !== 'EPIPE') throw error
  process.exit()
}

function isShortOfFiles(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes(codeOf(error) ?? '')
}
