import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProbe } from '../../../../src/checks/run.ts'
import { checkOf } from '../../../support/checks.ts'
import { freePort } from '../../../support/programs/free-port.ts'
import { retain, startMosquitto } from '../../../support/programs/mosquitto.ts'
import { redisTlsFlags, startRedis } from '../../../support/programs/redis.ts'
import { startSshd } from '../../../support/programs/sshd.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { certificate, secretOf, type StandIn } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

/** The real server, and another that is there in its place once it fails. */
function instead(place: string, host: string, [healthy, broken]: readonly number[]): StandIn {
  const places = { [place]: `${host}:${healthy}` }
  return { places, fail: () => (places[place] = `${host}:${broken}`) }
}

async function tell(port: number, ...command: readonly string[]): Promise<void> {
  const { failure } = await runProbe(
    checkOf('redis', { redis: `redis://127.0.0.1:${port}/2`, redis_command: command }),
    { timeoutSeconds: 10 },
  )
  if (failure) throw new Error(failure.message)
}

export const redis: Rows = {
  'tcp: redis': {
    async start() {
      const passwords = [secretOf('REDIS_PASSWORD'), 'another']
      const ports = await Promise.all(passwords.map((password) => startRedis(['--requirepass', password])))
      return instead('cache.example.com:6379', 'cache.example.com', ports)
    },
    reason: 'body',
    message: /WRONGPASS/,
  },
  'redis: cache': {
    async start() {
      const ports = await Promise.all([startRedis(), startRedis(['--requirepass', 'sesame'])])
      return instead('cache.example.com', 'cache.example.com', ports)
    },
    reason: 'status',
    message: /NOAUTH/,
  },
  'redis: queue': {
    async start() {
      const folder = await tempFolder()
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
      writeFileSync(cert, certificate.cert)
      writeFileSync(key, certificate.key)
      const secured = await freePort()
      const user = ['--user', 'monitor', 'on', `>${secretOf('REDIS_PASSWORD')}`, '~jobs', '+llen', '+select']
      const port = await startRedis([...redisTlsFlags(secured, cert, key), ...user])
      await tell(port, 'RPUSH', 'jobs', 'one')
      return {
        places: { 'queue.example.com:6380': `queue.example.com:${secured}` },
        fail: () => tell(port, 'RPUSH', 'jobs', ...Array<string>(1000).fill('more')),
      }
    },
    reason: 'body',
    message: /1001/,
  },
}

export const mqtt: Rows = {
  'mqtt: broker': {
    async start() {
      const of = (password: string) => ({ login: { user: 'monitor', password }, certificate })
      const ports = await startMosquitto([of(secretOf('MQTT_PASSWORD')), of('another')])
      return instead('broker.example.com', 'broker.example.com', ports)
    },
    reason: 'status',
    message: /refuses the session/,
  },
  'mqtt: heating': {
    async start() {
      const [port = 0] = await startMosquitto([{}])
      await retain(port, 'home/heating/state', 'on')
      return {
        places: { 'broker.example.com': `broker.example.com:${port}` },
        fail: () => retain(port, 'home/heating/state', 'broken'),
      }
    },
    reason: 'body',
    message: /\^\(on\|off\)\$/,
  },
}

export const ssh: Rows = {
  'ssh: bastion': {
    async start() {
      const ports = await Promise.all([startSshd(['MACs -*sha1*']), startSshd()])
      return instead('bastion.example.com', 'bastion.example.com', ports)
    },
    reason: 'body',
    message: /^the server offers "[\w@.-]+", which matches "sha1"$/,
  },
}
