import t from 'tap'
import { startPasswordHasher } from '../../src/office/password-hasher.ts'

/* Two hashes at a time, and twenty that wait: more sign-ins than that do not slow other requests down (docs/spec/abuse.md, 10). */

t.test('requests above the limit are refused at once, the others are hashed in turn', async (t) => {
  const passwords = startPasswordHasher()
  t.teardown(() => passwords.stop())
  const hash = await passwords.hash('paper boats in the rain')
  const [taken, most] = [2 + 20, 30]
  const order: string[] = []
  const answers = await Promise.all(
    Array.from({ length: most }, async () => {
      const answer = await passwords.verify(hash, 'paper boats in the rain')
      order.push(answer === null ? 'busy' : 'answered')
      return answer
    }),
  )
  t.equal(answers.filter((answer) => answer === true).length, taken)
  t.equal(answers.filter((answer) => answer === null).length, most - taken)
  t.same(order.slice(0, most - taken), Array<string>(most - taken).fill('busy'), 'before the first hash is done')
  t.equal(await passwords.verify(hash, 'paper boats in the Rain'), false, 'then it serves again')
  t.equal(await passwords.verify(null, 'paper boats in the rain'), false, 'a login that is not there costs as much')
})
