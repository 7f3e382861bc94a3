import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startProgram, untilReady, type Program } from '../scripts/stack/process.ts'

/** A server on this machine that is probed: 1 KiB over http and over https, every time with a full handshake. */
export interface Nginx {
  readonly http: string
  readonly https: string
  /** What its certificate is verified with. */
  readonly caFile: string
  readonly stop: Program['stop']
}

/** Starts nginx, which needs openssl for its certificate. */
export async function startNginx(
  folder: string,
  ports: Readonly<Record<'http' | 'https', number>>,
): Promise<Nginx> {
  await chmod(folder, 0o755)
  const caFile = join(folder, 'cert.pem')
  await writeServer(folder, caFile, ports)
  const nginx = startProgram('nginx', 'nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder])
  const http = `http://127.0.0.1:${ports.http}/`
  await untilReady(nginx, http)
  return { http, https: `https://127.0.0.1:${ports.https}/`, caFile, stop: nginx.stop }
}

async function writeServer(
  folder: string,
  cert: string,
  { http, https }: Readonly<Record<'http' | 'https', number>>,
): Promise<void> {
  const key = join(folder, 'key.pem')
  const temporary = join(folder, 'tmp')
  await mkdir(temporary)
  await chmod(temporary, 0o777)
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key, '-out', cert],
  ])
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${temporary}/${name};`)
    .join(' ')
  const body = `location / { return 200 "${'a'.repeat(1024)}"; }`
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; ${paths}
  server { listen 127.0.0.1:${http} backlog=4096; ${body} }
  server { listen 127.0.0.1:${https} ssl backlog=4096; ssl_certificate ${cert}; ssl_certificate_key ${key};
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache off; ssl_session_tickets off; ${body} }
}\n`,
  )
}
