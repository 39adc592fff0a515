import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useWaiting } from '../api/waiting.ts'
import { useMay } from '../api/session.ts'
import { useText } from '../i18n/useText.ts'
import { NAVIGATION, type Page } from '../pages.ts'
import classes from './Navigation.module.css'
import { Wordmark } from './Wordmark.tsx'

export function Navigation() {
  const t = useText()
  const may = useMay()
  const waiting = useWaiting()
  const rail = useMediaQuery('(max-width: 77.5rem)', false, { getInitialValueInEffect: false })
  const groups = NAVIGATION.map(({ group, pages }) => ({
    group,
    pages: pages.filter(({ rights }) => rights === null || may(...rights)),
  }))
  return (
    <nav className={classes.nav} aria-label={t('nav.label')}>
      <Link to="/" className={classes.mark} aria-label="AkartMenu">
        <Wordmark compact={rail} />
      </Link>
      {groups.map(
        ({ group, pages }) =>
          pages.length > 0 && (
            <div key={pages[0]?.to} className={classes.group}>
              {group !== undefined && <p className={classes.groupName}>{t(group)}</p>}
              <ul>
                {pages.map((page) => (
                  <li key={page.to}>
                    <NavigationLink page={page} count={page.counts && waiting[page.counts]} titled={rail} />
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </nav>
  )
}

type LinkProps = { page: Page; count: number | undefined; titled: boolean }

function NavigationLink({ page: { to, text, icon: Icon }, count = 0, titled }: LinkProps) {
  const t = useText()
  return (
    <Link to={to} className={classes.link} activeProps={{ 'data-active': true }} title={titled ? t(text) : undefined}>
      <Icon size={17} stroke={1.6} aria-hidden />
      <span className={classes.name}>{t(text)}</span>
      {count > 0 && (
        <span className={classes.waiting} aria-hidden>
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  )
}
