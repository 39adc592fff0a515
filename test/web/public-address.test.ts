import t from 'tap'
import { isLoopback, isPublicAddress } from '../../src/web/public-address.ts'

void t.test('a webhook goes to global unicast addresses alone, in whatever spelling', async (t) => {
  const rows: [string, boolean][] = [
    ['93.184.216.34', true],
    ['10.0.0.1', false],
    ['100.64.0.1', false],
    ['127.0.0.1', false],
    ['127.255.0.1', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['198.19.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['0.0.0.0', false],
    ['2606:2800:220:1:248:1893:25c8:1946', true],
    ['::', false],
    ['::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fd00:ec2::254', false],
    ['ff02::1', false],
    ['2001:db8::1', false],
    ['2001::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:93.184.216.34', true],
    ['64:ff9b::10.0.0.1', false],
    ['64:ff9b::5db8:d822', true],
    ['2002:7f00:1::1', false],
    ['2002:a00:1::', false],
    ['2002:5db8:d822::1', true],
  ]
  for (const [address, wanted] of rows) t.equal(isPublicAddress(address), wanted, address)
})

void t.test('loopback is told from the rest, for demos', async (t) => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) t.ok(isLoopback(address), address)
  for (const address of ['10.0.0.1', '::2', '::ffff:10.0.0.1', '93.184.216.34']) t.notOk(isLoopback(address), address)
})
