import { ActionIcon, Kbd, Menu, TextInput } from '@mantine/core'
import {
  IconCommand,
  IconContrast,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconScan,
  IconUserCircle,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useLostAt } from '../api/connection.ts'
import { usePreferences } from '../api/preferences.ts'
import { usePerson } from '../api/session.ts'
import { useSignOut } from '../api/sign-out.ts'
import { useFind } from '../find.ts'
import { useLanguage } from '../i18n/language.ts'
import { useText } from '../i18n/useText.ts'
import { useRoleName } from './useRoleName.ts'
import { useKeys } from '../keyboard/keys.ts'
import { announce } from './announcements.ts'
import classes from './TopBar.module.css'

export function TopBar({ onKeys, onPalette }: { onKeys: () => void; onPalette: () => void }) {
  const t = useText()
  const lost = useLostAt() !== null
  const signOut = useSignOut()
  return (
    <header className={classes.bar}>
      <FindBox />
      {!lost && (
        <span className={classes.live} title={t('top.liveHint')}>
          {t('top.live')}
        </span>
      )}
      <div className={classes.tools}>
        <ActionIcon aria-label={t('palette.label')} title={`${t('palette.label')} (Ctrl K)`} onClick={onPalette}>
          <IconCommand size={18} stroke={1.6} />
        </ActionIcon>
        <ActionIcon aria-label={t('top.keys')} title={`${t('top.keys')} (?)`} onClick={onKeys}>
          <IconKeyboard size={18} stroke={1.6} />
        </ActionIcon>
        <PersonMenu />
        <ActionIcon aria-label={t('sign.out')} title={t('sign.out')} onClick={signOut}>
          <IconLogout size={18} stroke={1.6} />
        </ActionIcon>
      </div>
    </header>
  )
}

function PersonMenu() {
  const t = useText()
  const navigate = useNavigate()
  const person = usePerson()
  const roleName = useRoleName(person.roles)
  const language = useLanguage()
  const { setLanguage, toggleTheme } = usePreferences()
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={person.name} title={person.name}>
          <IconUserCircle size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {person.name} · {person.roles.map(roleName).join(', ')}
        </Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={15} />} onClick={() => void navigate({ to: '/profile' })}>
          {t('page.profile')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLanguage size={15} />}
          lang={language === 'en' ? 'pl' : 'en'}
          onClick={() => setLanguage(language === 'en' ? 'pl' : 'en')}
        >
          {t('top.language')}
        </Menu.Item>
        <Menu.Item leftSection={<IconContrast size={15} />} onClick={toggleTheme}>
          {t('top.theme')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The input never reaches a URL: the server turns numbers into a handle of this session. */
function FindBox() {
  const t = useText()
  const box = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const find = useFind()
  useKeys({ '/': () => box.current?.focus() })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const asked = text.trim()
    if (asked === '' || busy) return
    setBusy(true)
    try {
      await find(asked, 'typed')
      setText('')
      box.current?.blur()
    } catch (error) {
      announce('bad', error instanceof Error && error.message !== '' ? error.message : t('state.offlineShort'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form role="search" className={classes.find} onSubmit={(event) => void submit(event)}>
      <TextInput
        ref={box}
        type="search"
        aria-label={t('top.find')}
        placeholder={t('top.find')}
        leftSection={<IconScan size={16} stroke={1.6} aria-hidden />}
        rightSection={
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        }
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && box.current?.blur()}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-busy={busy}
      />
    </form>
  )
}
