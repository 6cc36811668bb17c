#!/usr/bin/env bash
# Beats every five seconds as long as the service answers. Run it on each member, as a systemd service with Restart=always.
# CHECK is whatever says that the service works; a heart that beats for its own sake knows only that the guest runs.
set -u
CHECK=${CHECK:-'curl --silent --fail --max-time 2 --output /dev/null http://127.0.0.1/'}
TOKEN=$(curl --silent --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
INSTANCE=$(curl --silent --header "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/instance-id)

while sleep 5; do
  sh -c "$CHECK" || continue
  aws cloudwatch put-metric-data --namespace EniFailover/Heartbeat --metric-name Beat --value 1 \
    --dimensions "InstanceId=$INSTANCE" --storage-resolution 1 --cli-connect-timeout 2 --cli-read-timeout 3
done
