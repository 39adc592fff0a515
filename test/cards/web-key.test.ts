import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { webKey, webReference } from '../../src/cards/web-key.ts'
import { isSameKey, keyText } from '../../src/core/key.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const keyOf = (shop: string, idempotencyKey: string) => webKey(keys, { shop, store: '000000000000001', idempotencyKey })

/** 1 to 64 visible ASCII characters. */
const IDEMPOTENCY_KEY = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)),
  minLength: 1,
  maxLength: 64,
})
const SHOP = fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{0,7}$/)

void t.test('an Idempotency-Key is one once-only key of its shop', async (t) => {
  t.same(keyOf('WEBSHOP', 'order-17'), keyOf('WEBSHOP', 'order-17'), 'the same after any restart')
  t.match(keyOf('WEBSHOP', 'order-17'), { terminal: 'WEBSHOP', kind: 9000, store: '000000000000001' })
  fc.assert(
    fc.property(SHOP, IDEMPOTENCY_KEY, SHOP, IDEMPOTENCY_KEY, (shop, one, otherShop, other) => {
      const [a, b] = [keyOf(shop, one), keyOf(otherShop, other)]
      const isSame = shop === otherShop && one === other
      assert.equal(isSameKey(a, b), isSame)
      assert.equal(keyText(a) === keyText(b), isSame, 'the bits that are looked up differ too')
      for (const { stan, transmitted, digest } of [a, b]) {
        assert.ok(stan >= 0 && stan < 2 ** 31 && Number.isSafeInteger(transmitted) && transmitted >= 0)
        assert.match(digest ?? '', /^[0-9a-f]{64}$/)
      }
    }),
  )
  const [x, y] = [keyOf('AB', 'C'), keyOf('A', 'BC')]
  t.not(x.digest, y.digest, 'shop and key are told apart')
  const another = webKey(deriveCardKeys(Buffer.alloc(32, 7)), { shop: 'AB', store: 'S', idempotencyKey: 'C' })
  t.not(another.digest, x.digest, 'by a secret of the installation')
})

void t.test('references of the web are unique and fit the RRN', async (t) => {
  t.equal(webReference(1_000_001), 'LFLT')
  t.ok(webReference(Number.MAX_SAFE_INTEGER).length <= 12)
  fc.assert(fc.property(fc.nat(), (id) => Number.parseInt(webReference(id), 36) === id))
})
