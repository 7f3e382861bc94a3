#!/bin/sh
# `npm start`: installs and builds what is missing or older than its sources, then runs `probity solo` with the same arguments.
set -eu
cd "$(dirname "$0")/.."
built=dist/.built

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  echo 'Installing packages (once) ...' >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  rm -f $built
fi
if [ ! -e $built ] || [ -n "$(find src client/src scripts/build scripts/build.ts package.json -newer $built -type f | head -n 1)" ]; then
  echo 'Building (after each change) ...' >&2
  npm run --silent build
fi
exec node bin/probity.cjs solo "$@"
