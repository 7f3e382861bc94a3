#!/bin/sh
# The one command that proves everything on a fresh machine: `npm run verify`. It installs the test tools that are
# missing, where it may, then the packages, and hands over to verify.ts, whose last line says how it went.
set -u
cd "$(dirname "$0")/.." || exit 1

# One row per tool: the command that tests run, and the Debian package that brings it.
tools='prometheus prometheus
promtool prometheus
prometheus-blackbox-exporter prometheus-blackbox-exporter
prometheus-alertmanager prometheus-alertmanager
amtool prometheus-alertmanager
pg_ctlcluster postgresql
mariadbd mariadb-server
mariadb-install-db mariadb-server
mariadb mariadb-server
redis-server redis-server
mosquitto_passwd mosquitto
ping iputils-ping
traceroute traceroute
chromium chromium
curl curl
openssl openssl
nginx nginx-light
jsonnet jsonnet
ps procps
patch patch
visudo sudo
named bind9
tsig-keygen bind9
nsupdate bind9-dnsutils'

missing=$(echo "$tools" | while read -r command package; do
  command -v "$command" >/dev/null 2>&1 || echo "$package"
done | sort -u | tr '\n' ' ')

install_missing() {
  # The tests start their own servers: those that the packages would start must not take their ports.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
    $as_root chmod +x $policy
    trap '$as_root rm -f $policy' EXIT
  fi
  $as_root apt-get update -qq
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

if [ -n "$missing" ]; then
  [ "$(id -u)" -eq 0 ] && as_root='' || as_root='sudo -n'
  if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "verify: installing $missing"
    (install_missing) </dev/null
  else
    echo 'verify: tools are missing and may not be installed from here: their tests will be skipped. On Debian or Ubuntu:'
    echo "  sudo apt-get install -y --no-install-recommends ${missing% }"
  fi
fi

if ! npm ci --no-audit --no-fund </dev/null; then
  echo '0 passed, 1 failed, 0 skipped'
  exit 1
fi
exec node_modules/.bin/tsx scripts/verify.ts </dev/null
