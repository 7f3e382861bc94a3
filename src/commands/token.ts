import { Command, Option } from '@commander-js/extra-typings'
import { addToken, revokeToken } from '../tokens/edit.ts'
import { readTokens } from '../tokens/file.ts'
import { scopes, type Scope } from '../tokens/scopes.ts'
import { isExpired, type Token } from '../tokens/token.ts'
import { ProbityError } from '../lib/errors.ts'
import { parseDuration } from '../settings/values/duration.ts'
import { argument } from './flags/flags.ts'
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
    .addOption(
      new Option('--expires <duration>', 'how long it is valid, such as 90d')
        .argParser(argument(parseLifetime))
        .default(undefined, 'until it is revoked'),
    )
    .addOption(tokensFileFlag())
    .action(async ({ scope, name, expires: lifetime, ...flags }) => {
      const wanted = { name, scopes: scope, now: Date.now(), lifetime }
      const secret = await addToken(flags['web.tokens.file'], wanted)
      process.stdout.write(`${secret}\n`)
    })

const listCommand = () =>
  new Command('list')
    .description('Lists the name and the scopes of each token, and when it was created and expires.')
    .addOption(tokensFileFlag())
    .action(async (flags) => {
      const tokens = (await readTokens(flags['web.tokens.file'])) ?? []
      const now = Date.now()
      for (const token of tokens) process.stdout.write(`${describe(token, now)}\n`)
      if (tokens.length === 0) process.stdout.write('there are no tokens: no token is required\n')
    })

function describe(token: Token, now: number): string {
  const { name, scopes: own, created, expires } = token
  const end = expires === undefined ? [] : [`${isExpired(token, now) ? 'expired' : 'expires'} ${expires}`]
  return [name, own.join(','), created, ...end].join('  ')
}

/** Seconds. */
function parseLifetime(text: string): number {
  const seconds = parseDuration(text) ?? 0
  if (seconds >= 1 && seconds <= longestLifetime) return seconds
  throw new ProbityError(
    'LIFETIME_INVALID',
    `"${text}" is not a valid lifetime: expected one such as 90d, at most 3650d`,
  )
}

/** Ten years. */
const longestLifetime = 3650 * 86_400

const revokeCommand = () =>
  new Command('revoke')
    .description('Revokes a token.')
    .argument('<name>', 'its name')
    .addOption(tokensFileFlag())
    .action(async (name, flags) => {
      await revokeToken(flags['web.tokens.file'], name)
      process.stdout.write(`${name} is revoked\n`)
    })
