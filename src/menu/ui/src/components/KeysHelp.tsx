import { Kbd } from '@mantine/core'
import { useMay } from '../api/session.ts'
import type { TextId } from '../i18n/texts.ts'
import { useText } from '../i18n/useText.ts'
import { PAGES } from '../pages.ts'
import { Dialog } from './Dialog.tsx'
import classes from './KeysHelp.module.css'

type Shortcut = { readonly keys: string; readonly text: TextId }

const GROUPS: readonly { readonly name: TextId; readonly shortcuts: readonly Shortcut[] }[] = [
  {
    name: 'keys.anywhere',
    shortcuts: [
      { keys: 'Ctrl K', text: 'keys.palette' },
      { keys: '/', text: 'keys.find' },
      { keys: '?', text: 'keys.help' },
    ],
  },
  {
    name: 'keys.list',
    shortcuts: [
      { keys: 'j', text: 'keys.down' },
      { keys: 'k', text: 'keys.up' },
      { keys: '↵', text: 'keys.open' },
      { keys: 'x', text: 'keys.select' },
      { keys: 'f', text: 'keys.criterion' },
    ],
  },
  {
    name: 'keys.record',
    shortcuts: [
      { keys: 'b', text: 'keys.block' },
      { keys: 'w', text: 'keys.whatIf' },
    ],
  },
]

export function KeysHelp({ onClose }: { onClose: () => void }) {
  const t = useText()
  const may = useMay()
  const pages = PAGES.filter(({ rights }) => rights === null || may(...rights))
  return (
    <Dialog title={t('keys.title')} size="44rem" onClose={onClose}>
      <div className={classes.columns}>
        <div>
          {GROUPS.map((group) => (
            <ShortcutList key={group.name} {...group} />
          ))}
          <p className={classes.scan}>{t('keys.scan')}</p>
        </div>
        <ShortcutList name="keys.go" shortcuts={pages.map(({ key, text }) => ({ keys: `g ${key}`, text }))} />
      </div>
    </Dialog>
  )
}

function ShortcutList({ name, shortcuts }: { name: TextId; shortcuts: readonly Shortcut[] }) {
  const t = useText()
  return (
    <section className={classes.group}>
      <h3 className={classes.name}>{t(name)}</h3>
      <dl>
        {shortcuts.map(({ keys, text }) => (
          <div key={keys} className={classes.shortcut}>
            <dt>{t(text)}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
