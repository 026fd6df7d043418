#!/bin/sh
# Runs Debian's cron in a mount namespace made for it, with the crontab of the folder that is given, and a sendmail that
# keeps each mail in the folder's folder `mail`. Ends with the namespace.
set -eu
folder=$1

mkdir "$folder/sbin"
cp "$(command -v cron)" "$folder/sbin/cron"
cat > "$folder/sbin/sendmail" <<EOF
#!/bin/sh
cat > "$folder/mail/\$\$.part" && mv "$folder/mail/\$\$.part" "$folder/mail/\$\$.mail"
EOF
chmod 755 "$folder/sbin/sendmail"

mount --make-rprivate /
# The namespace has process numbers of its own.
mount -t proc proc /proc
for path in /run /var/spool/cron/crontabs /etc/cron.d; do
  if [ -d "$path" ]; then mount -t tmpfs none "$path"; fi
done
: > "$folder/empty"
if [ -e /etc/crontab ]; then mount --bind "$folder/empty" /etc/crontab; fi
cp "$folder/crontab" /var/spool/cron/crontabs/root
chmod 600 /var/spool/cron/crontabs/root
mount --bind "$folder/sbin" /usr/sbin
exec /usr/sbin/cron -f
