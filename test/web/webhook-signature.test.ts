import t from 'tap'
import { isSigned, newWebhookSecret, signatureOf } from '../../src/web/webhook-signature.ts'

// The example of the Standard Webhooks specification and of its reference libraries.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const AT = 1614265330
const BODY = '{"test": 2432232314}'
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

void t.test('signs as Standard Webhooks 1.0.0 does', async (t) => {
  t.equal(signatureOf([SECRET], ID, AT, BODY), SIGNATURE)
})

void t.test('while a secret is rotated, both sign', async (t) => {
  const next = newWebhookSecret()
  const header = signatureOf([next, SECRET], ID, AT, BODY)
  t.ok(isSigned(header, SECRET, ID, AT, BODY))
  t.ok(isSigned(header, next, ID, AT, BODY))
  t.notOk(isSigned(header, newWebhookSecret(), ID, AT, BODY))
})

void t.test('id, time and body are all signed', async (t) => {
  t.notOk(isSigned(SIGNATURE, SECRET, `${ID}x`, AT, BODY))
  t.notOk(isSigned(SIGNATURE, SECRET, ID, AT + 1, BODY))
  t.notOk(isSigned(SIGNATURE, SECRET, ID, AT, `${BODY} `))
  t.notOk(isSigned(SIGNATURE.replace('v1', 'v2'), SECRET, ID, AT, BODY))
})
