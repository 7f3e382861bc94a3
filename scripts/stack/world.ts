import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'

// A server for a network namespace: PORT FOLDER. It answers 500 where the folder has a file of the name in the path.
const [port, folder = ''] = process.argv.slice(2)
createServer(({ url = '/' }, response) => {
  response.writeHead(existsSync(join(folder, basename(url))) ? 500 : 200).end()
}).listen(Number(port), '0.0.0.0')
