import { createHmac, randomBytes } from 'node:crypto'
import type { Attempts } from './attempts.ts'
import type { Comparer } from './comparer.ts'

export interface PasswordsOptions {
  /** The bcrypt hash of each user's password. */
  readonly users: () => ReadonlyMap<string, string>
  readonly attempts: Attempts
  readonly comparer: Comparer
}

/** What came of a password. A number: too many attempts, and the seconds to wait. */
export type PasswordOutcome = 'right' | 'wrong' | number

/** Who somebody says to be. */
export interface Login {
  readonly user: string
  readonly password: string
  /** Where it comes from. */
  readonly address: string
}

/** Right passwords that are remembered: those of a few programs, which ask thousands of times. */
const maxRemembered = 100

/** Seconds to wait where more passwords are being compared than there is time for. */
const busySeconds = 5

/**
 * What is compared where there is no such user, so that it takes as long: the hash of a random text that nobody knows, with the
 * cost that htpasswd is told to use.
 */
const nobody = '$2b$10$qcPPITjaEmz8waQcX2n2.ud2z3bsG.WzglOHPIfHqkaAI/rj/3fQq'

/**
 * Makes a check of passwords. A right one is remembered under a hash that only this process can compute, so that bcrypt's work
 * is done once for each program and password.
 */
export function createPasswords({ users, attempts, comparer }: PasswordsOptions) {
  const key = randomBytes(32)
  const remembered = new Set<string>()

  async function compare({ user, password, address }: Login, known: string): Promise<PasswordOutcome> {
    const attempt = attempts.begin(address, user)
    if (typeof attempt === 'number') return attempt
    const hash = users().get(user)
    const same = await (comparer.compare(password, hash ?? alike(users())) ?? busySeconds)
    if (typeof same === 'number') {
      attempt.takeBack()
      return same
    }
    if (!same || hash === undefined) return 'wrong'
    attempt.takeBack()
    remembered.add(known)
    for (const oldest of remembered) {
      if (remembered.size <= maxRemembered) break
      remembered.delete(oldest)
    }
    return 'right'
  }

  return (login: Login): PasswordOutcome | Promise<PasswordOutcome> => {
    const { user, password } = login
    const parts = JSON.stringify([user, users().get(user) ?? '', password])
    const known = createHmac('sha256', key).update(parts).digest('base64')
    return remembered.has(known) ? 'right' : compare(login, known)
  }
}

export type Passwords = ReturnType<typeof createPasswords>

/** As costly as the hash of a user. */
function alike(users: ReadonlyMap<string, string>): string {
  const [hash = nobody] = users.values()
  return hash.slice(0, 7) + nobody.slice(7)
}
