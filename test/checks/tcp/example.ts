import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { tcp: 'bastion.example:22' },
  result: { ...connected, dialogue: { failedDueToRegex: false, info: [{ ssh_version: 'OpenSSH_9.9' }] } },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['ssh_version', 'OpenSSH_9.9'],
  ],
}
