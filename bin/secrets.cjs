#!/usr/bin/env node
'use strict'
// Makes the passwords of the Compose stack: `secrets.cjs NAME=PATH...` writes the variable NAME to a file, or random bytes if
// it is not set and there is no such file. Groups may read the files, because each service has its own user.
const { randomBytes } = require('node:crypto')
const { existsSync, renameSync, writeFileSync } = require('node:fs')

for (const pair of process.argv.slice(2)) {
  const [name, path] = pair.split('=')
  const given = process.env[name] ?? ''
  if (given === '' && existsSync(path)) continue
  // In one step, so that nobody reads a part of it.
  writeFileSync(`${path}.new`, given === '' ? randomBytes(24).toString('base64url') : given, { mode: 0o640 })
  renameSync(`${path}.new`, path)
}
