import { hash } from '@node-rs/argon2'
import { demoPeople } from './people.ts'
import type { Access } from '../db/access.ts'
import { takeIds } from '../db/ids.ts'
import { countUsers, insertHistory, insertUser, updateUser } from '../db/sql/users.ts'
import { unitOfWork } from '../db/unit-of-work.ts'

/** Gives a demo its people where it has none: an older one gets them at its next start. */
export async function equipDemoPeople(access: Access, now: number): Promise<void> {
  const firstId = await takeIds(access, 'row', demoPeople.length)
  await unitOfWork(access, async (connection) => {
    const [[row] = []] = await connection.send(countUsers)
    if (row?.[0] !== 0) return
    const hashes = await hashesOf(new Set(demoPeople.map(({ password }) => password)))
    for (const [i, { login, name, password, role, stores }] of demoPeople.entries()) {
      const user = { login, name, email: null, state: 'active', roles: [role], stores } as const
      await connection.send(
        `${insertUser(user, now)};${updateUser(login, { password: hashes.get(password) ?? null })};
         ${insertHistory(firstId + i, { ...user, since: now, who: 'demo' })}`,
      )
    }
  })
}

/** Hashes each password only once: it is no secret, and a hash takes 20 ms of every start. */
async function hashesOf(passwords: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const hashes = [...passwords].map(
    async (password) => [password, await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })] as const,
  )
  return new Map(await Promise.all(hashes))
}
