import { flag } from './flags.ts'

/** `--marks.secret-file`. */
export const marksSecretFileFlag = () =>
  flag(
    '--marks.secret-file <path>',
    'file with the secret of webhooks about deployments from GitHub and GitLab; without it they are refused',
  )
