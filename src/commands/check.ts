import { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { formatDuration } from '../config/duration.ts'
import { loadConfig } from '../config/load.ts'
import { flag } from '../lib/options.ts'

/** `probity check [FILE]`: exit code 1 and every mistake with its place when the configuration is not valid. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Validates a configuration and prints its summary.')
    .argument('[file]', 'file or directory that lists the targets')
    .addOption(flag('--config.file <path>', 'the same, as a flag').default('config/targets.yml'))
    .action(async (file: string | undefined, flags: { 'config.file': string }) => {
      const path = file ?? flags['config.file']
      const config = await loadConfig(path, { env: process.env })
      process.stdout.write(summarize(path, config))
    })
}

/** What a valid configuration holds, for a person. */
export function summarize(path: string, config: Config): string {
  const width = Math.max(0, ...config.targets.map(({ name }) => name.length))
  const lines = config.targets.map((target) =>
    [
      `  ${target.name.padEnd(width)}`,
      target.check.kind,
      target.instance === target.name ? '' : target.instance,
      `every ${formatDuration(target.interval)}`,
      `alert after ${formatDuration(target.alertAfter)} of failing`,
    ]
      .filter((part) => part !== '')
      .join('  '),
  )
  const counts = [
    plural(config.targets.length, 'target'),
    plural(config.moduleNames.length, 'module'),
    plural(config.vendors.size, 'vendor'),
  ]
  return `${path}: valid, ${counts.join(', ')}\n${lines.map((line) => `${line}\n`).join('')}`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
