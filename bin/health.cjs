#!/usr/bin/env node
'use strict'
// Says with its exit code whether a server of Probity answers: the HEALTHCHECK of the image, which has to work without a
// shell and without curl. An address can be given as an argument or in PROBITY_HEALTH_URL.
const http = require('node:http')
const https = require('node:https')

const given = process.argv[2] ?? process.env.PROBITY_HEALTH_URL
// The exporter and solo listen on the first port, the notifier on the second, each perhaps with TLS.
const urls = given
  ? [given]
  : [9740, 9741].flatMap((port) =>
      ['http', 'https'].map((scheme) => `${scheme}://127.0.0.1:${port}/-/healthy`),
    )
const timeout = 2000

function answers(url) {
  const { get } = url.startsWith('https:') ? https : http
  return new Promise((resolve) => {
    // Its certificate is for its name and not for this address. Whether it is alive does not depend on that.
    const request = get(url, { timeout, rejectUnauthorized: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('timeout', () => request.destroy())
    // A server that wants a client certificate ends the handshake with an alert, and so is alive.
    request.on('error', ({ message }) => resolve(/\balert\b/.test(message)))
  })
}

Promise.all(urls.map(answers)).then((all) => process.exit(all.includes(true) ? 0 : 1))
