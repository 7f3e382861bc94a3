#!/bin/sh
# Prints the Secrets of deploy/kubernetes, with values that nobody else has. `create` refuses to replace those that exist:
#
#   sh deploy/kubernetes/secrets.sh | kubectl create --namespace probity --filename -
set -eu
random() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }
password=$(random)
cat <<YAML
apiVersion: v1
kind: Secret
metadata: { name: probity-notifier }
stringData: { notifier-token: '$(random)' }
---
# Only of the overlay standalone, which has a database. Elsewhere, put the address of your own into \`url\`.
apiVersion: v1
kind: Secret
metadata: { name: probity-database }
stringData:
  password: '$password'
  url: postgres://probity:$password@postgres:5432/probity
YAML
