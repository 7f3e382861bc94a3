import { codeOf, messageOf, ProbityError } from '../errors.ts'

/**
 * Sets the variables of a `.env` file in the environment, except those that it has already. A file that is missing sets none.
 *
 * @throws ProbityError When the file is there and cannot be read.
 */
export function loadEnvFile(path: string): void {
  try {
    process.loadEnvFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw new ProbityError('ENV_FILE_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`)
  }
}
