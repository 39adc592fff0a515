import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/*
 * A database server from another release of Debian, unpacked into a directory of its own with the libraries that it needs.
 * Nothing on the machine is changed; only its apt-get and dpkg-deb are used.
 */

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** @throws with what apt-get says, where there is no such package or no network */
export async function unpack(root: string, release: string, packageName: string): Promise<void> {
  if (existsSync(join(root, 'complete'))) return
  const apt = `${root}.apt`
  for (const each of [root, apt]) await rm(each, { recursive: true, force: true })
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d']) {
    await mkdir(join(apt, part), { recursive: true })
  }
  const keyring = join(apt, 'keyring.gpg')
  await copyFile(KEYRING, keyring)
  await writeFile(join(apt, 'status'), '')
  await writeFile(join(apt, 'etc/sources.list'), `deb [signed-by=${keyring}] ${mirror()} ${release} main\n`)
  await writeFile(
    join(apt, 'apt.conf'),
    [
      ['Dir::State', join(apt, 'state')],
      ['Dir::State::status', join(apt, 'status')],
      ['Dir::Cache', join(apt, 'cache')],
      ['Dir::Etc', join(apt, 'etc')],
      ['Acquire::Languages', 'none'],
      // A mirror may be a copy of one day.
      ['Acquire::Check-Valid-Until', 'false'],
      ['APT::Install-Recommends', 'false'],
      ['APT::Sandbox::User', 'root'],
    ]
      .map(([key, value]) => `${key} "${value}";\n`)
      .join(''),
  )
  const env = { ...process.env, APT_CONFIG: join(apt, 'apt.conf') }
  run('apt-get', ['-qq', 'update'], env)
  run('apt-get', ['-qq', '--yes', '--download-only', '-o', 'Debug::NoLocking=1', 'install', packageName], env)
  await mkdir(root, { recursive: true })
  for (const file of await readdir(join(apt, 'cache/archives'))) {
    if (file.endsWith('.deb')) run('dpkg-deb', ['--extract', join(apt, 'cache/archives', file), root], env)
  }
  await writeFile(join(root, 'complete'), '')
  await rm(apt, { recursive: true, force: true })
}

/** Where this machine has its own packages from. */
function mirror(): string {
  const said = run(
    'apt-get',
    ['indextargets', '--format', '$(LABEL) $(COMPONENT) $(REPO_URI)', 'Created-By: Packages'],
    process.env,
  )
  const [, uri] = /^Debian main (\S+)$/mu.exec(said) ?? []
  if (uri === undefined) throw new Error('apt-get names no source of Debian packages')
  return uri
}

function run(command: string, options: readonly string[], env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = spawnSync(command, options, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr.trim()}`)
  return stdout
}
