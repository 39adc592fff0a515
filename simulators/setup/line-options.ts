import type { Confirmation, MacMethod } from '../demo/terminals.ts'
import type { FrameLength } from '../terminal/framing.ts'

type Given<T> = T | undefined

/** The options of `withLine`, as they were given. */
export type LineOptions = {
  till?: Given<string>
  target?: Given<string>
  home?: Given<string>
  cards?: Given<string>
  terminals?: Given<string>
  profile?: Given<string>
  length?: Given<FrameLength>
  tpdu?: Given<string>
  tls?: Given<boolean>
  tlsCa?: Given<string>
  tlsCert?: Given<string>
  tlsKey?: Given<string>
  tlsName?: Given<string>
  tlsVerify?: Given<boolean>
  terminal?: Given<string>
  store?: Given<string>
  confirmation?: Given<Confirmation>
  mac?: Given<MacMethod>
  macKey?: Given<string>
  currency?: Given<string>
}
