import { Argument, Command } from '@commander-js/extra-typings'
import { completionScript, shells } from '../app/setup/completion.ts'

/** `probity completion SHELL`. */
export const completionCommand = () =>
  new Command('completion')
    .description('Prints a script that completes commands and flags in a shell.')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell, _flags, command) => {
      const program = command.parent
      if (program) process.stdout.write(completionScript(shell, program))
    })
