// Section 5: confirmation, reversal and cancellation under each policy.
import t from 'tap'
import { startAkart } from './akart.ts'
import { onTestServer } from '../up.ts'
import { cancellations } from './stories/cancellations.ts'
import { confirmations } from './stories/confirmations.ts'
import { policies } from './stories/policies.ts'
import { reversals } from './stories/reversals.ts'
import { openStage } from './story.ts'

const akart = await startAkart(await onTestServer(t))
const stage = openStage(akart)
t.teardown(async () => {
  stage.close()
  await akart.remove()
})

const tables = { confirmation: confirmations, reversal: reversals, cancellation: cancellations, policy: policies }
for (const [topic, stories] of Object.entries(tables)) {
  for (const [title, story] of Object.entries(stories)) await stage.play(t, `${topic} ${title}`, story)
}

t.test('the books', async (t) => {
  const { code, said } = await akart.verify()
  t.equal(code, 0, said)
})
