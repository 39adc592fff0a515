import { Facts } from '../../components/Facts.tsx'
import { groupOfRight } from '../../i18n/useRightName.ts'
import { useText, useWord } from '../../i18n/useText.ts'

type Held = { readonly right: string; readonly reach: 'all' | 'own' }

/** Somebody's rights in words, by what they are about. */
export function RightsInWords({ rights }: { rights: readonly Held[] }) {
  const t = useText()
  const word = useWord()
  const said = ({ right, reach }: Held): string => {
    const name = word('right', right)
    return reach === 'own' ? t('users.ownStores', { right: name }) : name
  }
  const groups = [...new Set(rights.map(({ right }) => groupOfRight(right)))]
  return (
    <Facts
      columns={2}
      facts={groups.map((group) => [
        word('rightGroup', group),
        rights
          .filter(({ right }) => groupOfRight(right) === group)
          .map(said)
          .join('; '),
      ])}
    />
  )
}
