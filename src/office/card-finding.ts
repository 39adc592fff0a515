import {
  type CardView,
  selectCardOfId,
  selectCardOfNumber,
  selectCardOfSerial,
  toCardView,
} from '../db/sql/card-views.ts'
import type { Actor } from './actor.ts'
import { type CardName, type CardRef, readCardName } from './card-name.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import type { Right } from './rights-table.ts'

/** Finds a card that this actor may act on. A right limited to own stores requires that the card was presented. */
export async function cardFor(office: Office, actor: Actor, right: Right, ref: CardRef): Promise<CardView | Refused> {
  const name = readCardName(office.keys, ref)
  if (isRefused(name)) return mayDo(actor, right, anyStore(actor)) ?? name
  return mayWithCard(actor, right, name) ?? cardNamed(office, name)
}

const anyStore = ({ stores }: Actor): string | null => (stores === 'all' ? null : ([...stores][0] ?? null))

function mayWithCard(actor: Actor, right: Right, name: CardName): Refused | null {
  if (actor.rights.get(right) !== 'own') return mayDo(actor, right)
  const lies = name.by === 'number' || (name.by === 'id' && actor.presented?.has(name.id) === true)
  return lies ? null : refused('card_not_presented')
}

export async function cardNamed({ db }: Pick<Office, 'db'>, name: CardName): Promise<CardView | Refused> {
  const [[row] = []] = await db.use((connection) => connection.send(SELECT[name.by](name as never)))
  return row === undefined ? unknown(name) : toCardView(row)
}

const SELECT = {
  number: ({ hashes }) => selectCardOfNumber(hashes),
  serial: ({ issue, serial }) => selectCardOfSerial(issue, serial),
  id: ({ id }) => selectCardOfId(id),
} as const satisfies { [By in CardName['by']]: (name: Extract<CardName, { by: By }>) => string }

const unknown = (name: CardName): Refused =>
  name.by === 'number'
    ? refused('no_such_number', { card: name.shown })
    : refused('no_such_card', { card: name.by === 'id' ? name.id : `${name.issue}:${name.serial}` })
