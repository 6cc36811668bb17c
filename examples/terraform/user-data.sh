#!/bin/bash
set -eux
# The standby does not have the address yet. This lets nginx listen on it all the same, after a boot too.
echo 'net.ipv4.ip_nonlocal_bind = 1' > /etc/sysctl.d/90-floating-address.conf
sysctl -p /etc/sysctl.d/90-floating-address.conf
dnf install -y nginx
# With `listen 80;` nginx answers on every address of the instance and needs no sysctl. This way only the
# holder answers, and only on the floating address.
cat > /etc/nginx/nginx.conf <<'END'
user nginx;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events {}
http {
  include /etc/nginx/mime.types;
  server {
    listen ${address}:80;
    root /usr/share/nginx/html;
    add_header Cache-Control no-store;
    keepalive_timeout 0;
  }
}
END
metadata=http://169.254.169.254/latest
token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token")
id=$(curl -sf -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/instance-id")
# It is a link to a page of the system.
rm -f /usr/share/nginx/html/index.html
echo "<!doctype html><title>${group}</title><h1>Served by $id</h1>" > /usr/share/nginx/html/index.html
systemctl enable --now nginx
