import { mosquittoTools } from '../../support/programs/mosquitto.ts'
import { sshdTools } from '../../support/programs/sshd.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { mqtt, redis, ssh } from './stand-ins/services.ts'
import { tryExamples } from './try-examples.ts'

describeWithTool(['redis-server'], 'with Redis', () => {
  tryExamples(redis)
})

describeWithTool(mosquittoTools, 'with Mosquitto', () => {
  tryExamples(mqtt)
})

// Optional: to install it opens a machine to the network.
describeWithTool(
  sshdTools,
  'with OpenSSH',
  () => {
    tryExamples(ssh)
  },
  { optional: true },
)
