/** A user of AkartMenu in the demo. */
export type DemoPerson = {
  readonly login: string
  readonly name: string
  readonly password: string
  readonly role: string
  readonly stores: readonly string[]
}

/** Public, as everything of a demo: it is served to loopback alone. */
export const DEMO_PASSWORD = 'four-quiet-lamps'

const person = (login: string, name: string, role: string, stores: readonly string[] = []): DemoPerson => ({
  login,
  name,
  password: DEMO_PASSWORD,
  role,
  stores,
})

/** One user of each role, and two who approve each other's proposals. */
export const demoPeople: readonly DemoPerson[] = [
  person('admin', 'Anna Zalewska', 'administrator'),
  person('issuer', 'Igor Sobczak', 'issuer'),
  person('issuer2', 'Iwona Lis', 'issuer'),
  person('manager', 'Marta Kowal', 'storeManager', ['000000000000001']),
  person('accountant', 'Adam Wilk', 'accountant'),
  person('accountant2', 'Alicja Maj', 'accountant'),
  person('helpdesk', 'Hanna Nowak', 'helpDesk'),
  person('auditor', 'Artur Bielak', 'auditor'),
]
