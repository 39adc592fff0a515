import { join } from 'node:path'
import t from 'tap'
import { emptyDirectory, fileOf, makePackages, VERSION } from './made.ts'
import { onScratchMachine, PACKAGE, whyNoScratchMachine } from './scratch-machine.ts'

/* The Debian package on a machine of its own: installed by dpkg, made a production, served, removed. */

t.test('installed, started and purged', { skip: whyNoScratchMachine }, async (t) => {
  const root = await emptyDirectory(t)
  const debian = fileOf(await makePackages(join(root, 'made')), '.deb')
  const said = await onScratchMachine(root, debian, [
    `dpkg --install ${PACKAGE} >/dev/null`,
    'id -un akart && stat -c "%U %a" /var/lib/akart && stat -c "%U:%G %a" /etc/akart/environment',
    'systemd-analyze verify /lib/systemd/system/akart.service 2>&1 && systemd-analyze verify /lib/systemd/system/akart@.service 2>&1 && echo verified',
    'as akart config check --config /etc/akart/akart.yaml && as akart init --home /var/lib/akart >/dev/null',
    // A production database as root: refused; as the user that the package made it serves.
    'if akart up --home /var/lib/akart --iso-port 0 --http-port 0 2>/tmp/root.err; then exit 1; fi; grep -o "production database as root" /tmp/root.err',
    'chown -R akart:akart /var/lib/akart',
    'systemctl enable --quiet akart.service akart@2.service && systemctl start akart.service && units && serves',
    'systemctl stop akart.service && units',
    // What the service's database is, its commands know too.
    'echo "AKART_DATABASE_URL=mysql://akart@127.0.0.1/akart?tls=off&passwordFile=/etc/akart/none" > /etc/akart/environment',
    'if as akart user list --home /var/lib/akart 2>/tmp/url.err; then exit 1; fi; grep -o "passwordFile /etc/akart/none" /tmp/url.err',
    'echo > /etc/akart/environment && systemctl start akart.service && units && serves',
    'dpkg --purge akart >/dev/null 2>&1; test -e /var/lib/akart/secrets.json && test ! -e /etc/akart && units',
    'find /etc/systemd/system -name "akart*" && echo purged',
  ])
  t.same(said, [
    'akart', 'akart 700', 'root:akart 640', 'verified', 'production database as root',
    `started ${VERSION}`, 'serves', 'ended 0', `stopped ${VERSION}`,
    'passwordFile /etc/akart/none',
    `started ${VERSION}`, 'serves',
    'ended 0', `stopped ${VERSION}`, 'purged',
  ]) // prettier-ignore
})
