import { describe } from 'vitest'
import { haveRows } from '../support/try-examples.ts'
import { connections } from './stand-ins/connections.ts'
import { jobs } from './stand-ins/jobs.ts'
import { browser, docker, systemd } from './stand-ins/machine.ts'
import { mariadb } from './stand-ins/mariadb.ts'
import { names } from './stand-ins/names.ts'
import { postgres } from './stand-ins/postgres.ts'
import { mqtt, redis, ssh } from './stand-ins/services.ts'
import { web } from './stand-ins/web.ts'

describe('docs/checks.md', () => {
  const services = [browser, docker, mariadb, mqtt, postgres, redis, ssh, systemd]
  haveRows('docs/checks.md', connections, jobs, names, web, ...services)
})
