import { join } from 'node:path'
import t from 'tap'
import { emptyDirectory, fileOf, makePackages, VERSION } from './made.ts'
import { onScratchMachine, PACKAGE, whyNoScratchMachine } from './scratch-machine.ts'

/* docs/installing.md, "A new version", for the Debian package: the update, the way back, and failures of both. */

/** Makes the package another version, out of what is unpacked in /tmp/raw. */
const as = (version: string): string =>
  `sed -i 's/"version": "[^"]*"/"version": "${version}"/' /tmp/raw/usr/lib/akart/package.json && sed -i "s/^Version: .*/Version: ${version}/" /tmp/raw/DEBIAN/control && dpkg-deb -Znone --build /tmp/raw /tmp/${version}.deb >/dev/null`
const NOTED = '/run/akart-stopped-for-update'

t.test('updated, and the way back', { skip: whyNoScratchMachine }, async (t) => {
  const root = await emptyDirectory(t)
  const debian = fileOf(await makePackages(join(root, 'made')), '.deb')
  const said = await onScratchMachine(root, debian, [
    `dpkg --install ${PACKAGE} >/dev/null && as akart init --home /var/lib/akart >/dev/null`,
    'systemctl start akart.service && units && serves',
    // An update: no process sees files of two versions. The settings and the books outlive it, and the way back.
    'echo "confirmTimeoutSeconds: 77" > /etc/akart/akart.yaml',
    `dpkg-deb --raw-extract ${PACKAGE} /tmp/raw && ${as('999.0.0')}`,
    `dpkg --install /tmp/999.0.0.deb >/dev/null && units && serves && test ! -e ${NOTED}`,
    // One that is not possible (a file of another package): the old version runs again.
    `mkdir -p /tmp/raw/usr/bin && cp /usr/bin/env /tmp/raw/usr/bin/env && ${as('999.1.0')}`,
    `if dpkg --install /tmp/999.1.0.deb >/dev/null 2>/tmp/broken.err; then exit 1; fi; grep -o "trying to overwrite" /tmp/broken.err; units; serves; test ! -e ${NOTED}`,
    `dpkg --install ${PACKAGE} >/dev/null 2>&1 && units && serves`,
    'as akart config check --show --config /etc/akart/akart.yaml | grep confirmTimeoutSeconds',
    // What could not be started is started with the next package.
    'ln -s /dev/null /etc/systemd/system/akart.service',
    `if dpkg --install /tmp/999.0.0.deb >/dev/null 2>&1; then exit 1; fi; cat ${NOTED}; units`,
    'rm /etc/systemd/system/akart.service',
    `dpkg --install ${PACKAGE} >/dev/null 2>&1 && units && serves`,
    // What somebody stopped stays so.
    'systemctl stop akart.service && dpkg --install /tmp/999.0.0.deb >/dev/null && units',
  ])
  t.same(said, [
    `started ${VERSION}`, 'serves',
    'ended 0', `stopped ${VERSION}`, 'started 999.0.0', 'serves',
    'trying to overwrite', 'ended 0', 'stopped 999.0.0', 'started 999.0.0', 'serves',
    'ended 0', 'stopped 999.0.0', `started ${VERSION}`, 'serves', 'confirmTimeoutSeconds: 77',
    'akart.service', 'ended 0', `stopped ${VERSION}`,
    `started ${VERSION}`, 'serves',
    'ended 0', `stopped ${VERSION}`,
  ]) // prettier-ignore
})
