import { Command, Option } from '@commander-js/extra-typings'
import { addToken, revokeToken } from '../tokens/edit.ts'
import { readTokens } from '../tokens/file.ts'
import { scopes, type Scope } from '../tokens/scopes.ts'
import { tokensFileFlag } from './flags/tokens.ts'

/** `probity token`. */
export const tokenCommand = () =>
  new Command('token')
    .description('Creates, lists and revokes tokens. Running services notice changes within seconds.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())

const createCommand = () =>
  new Command('create')
    .description('Creates a token and prints it, once: only its hash is stored.')
    .addOption(
      new Option('--scope <scope...>', 'what it is for')
        .choices(Object.keys(scopes) as Scope[])
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'who gets it, such as shop')
    .addOption(tokensFileFlag())
    .action(async ({ scope, name, ...flags }) => {
      const secret = await addToken(flags['web.tokens.file'], { name, scopes: scope, now: Date.now() })
      process.stdout.write(`${secret}\n`)
    })

const listCommand = () =>
  new Command('list')
    .description('Lists the name, the scopes and the time of creation of each token.')
    .addOption(tokensFileFlag())
    .action(async (flags) => {
      const tokens = (await readTokens(flags['web.tokens.file'])) ?? []
      for (const { name, scopes: own, created } of tokens)
        process.stdout.write(`${name}  ${own.join(',')}  ${created}\n`)
      if (tokens.length === 0) process.stdout.write('there are no tokens: no token is required\n')
    })

const revokeCommand = () =>
  new Command('revoke')
    .description('Revokes a token.')
    .argument('<name>', 'its name')
    .addOption(tokensFileFlag())
    .action(async (name, flags) => {
      await revokeToken(flags['web.tokens.file'], name)
      process.stdout.write(`${name} is revoked\n`)
    })
