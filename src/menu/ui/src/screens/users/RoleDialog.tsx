import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { useState } from 'react'
import { type Answer, call } from '../../api/call.ts'
import { rolesQuery, usersQuery } from '../../api/queries.ts'
import { usePerson } from '../../api/session.ts'
import { announce } from '../../components/announcements.ts'
import { Dialog } from '../../components/Dialog.tsx'
import form from '../../components/Form.module.css'
import { FormProblem } from '../../components/FormProblem.tsx'
import { useSubmit } from '../../components/useSubmit.ts'
import { useText, useWord } from '../../i18n/useText.ts'
import { groupOfRight } from '../../i18n/useRightName.ts'
import type { OwnRole } from './own-role.ts'
import classes from './Roles.module.css'

type Known = Answer<'roles.list'>['rights'][number]
type Reach = OwnRole['rights'][number]['reach']
type Chosen = ReadonlyMap<Known['right'], Reach>

/** A role is made or changed: its rights by what they are about, each everywhere or in the own stores. */
export function RoleDialog({ role, onClose }: { role: OwnRole | null; onClose: () => void }) {
  const t = useText()
  const { roles } = usePerson()
  return (
    <Dialog
      title={role === null ? t('roles.make') : t('users.changeOf', { name: role.name })}
      size="64rem"
      onClose={onClose}
    >
      {role !== null && roles.includes(role.code) ? (
        <p className={form.hint}>{t('roles.yours')}</p>
      ) : (
        <RoleForm role={role} onClose={onClose} />
      )}
    </Dialog>
  )
}

function RoleForm({ role, onClose }: { role: OwnRole | null; onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const [code, setCode] = useState(role?.code ?? '')
  const [name, setName] = useState(role?.name ?? '')
  const [chosen, setChosen] = useState<Chosen>(new Map(role?.rights.map(({ right, reach }) => [right, reach])))
  const { problem, busy, submit } = useSubmit(async () => {
    const rights = [...chosen].map(([right, reach]) => ({ right, reach }))
    const wish = { name: name.trim(), rights }
    const { approval } =
      role === null
        ? await call('roles.make', { body: { code: code.trim(), ...wish } })
        : await call('roles.change', { params: { code: role.code }, body: wish })
    if (approval === null) announce('good', t('act.saved'))
    else announce('wait', t('act.proposed'), { to: '/approvals', text: t('page.approvals') })
    await Promise.all(['roles', 'users', 'session'].map((key) => client.invalidateQueries({ queryKey: [key] })))
    onClose()
  })
  return (
    <form className={form.form} onSubmit={submit}>
      <p className={form.hint}>{t('roles.lead')}</p>
      <div className={clsx(form.pair, classes.named)}>
        <TextInput
          data-autofocus
          label={t('field.name')}
          maxLength={100}
          autoComplete="off"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextInput
          label={t('roles.code')}
          description={t('roles.codeHint')}
          pattern="[A-Za-z][A-Za-z0-9\-]{1,39}"
          maxLength={40}
          autoComplete="off"
          required
          readOnly={role !== null}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </div>
      <RightsFields chosen={chosen} onChange={setChosen} />
      <FormProblem text={problem} />
      <div className={classes.ends}>
        {role === null ? <span /> : <Remove role={role} onDone={onClose} />}
        <div className={form.acts}>
          <Button onClick={onClose}>{t('act.cancel')}</Button>
          <Button type="submit" variant="filled" loading={busy} disabled={chosen.size === 0}>
            {t(role === null ? 'roles.makeIt' : 'act.save')}
          </Button>
        </div>
      </div>
    </form>
  )
}

function RightsFields({ chosen, onChange }: { chosen: Chosen; onChange: (chosen: Chosen) => void }) {
  const word = useWord()
  const { rights } = useSuspenseQuery(rolesQuery).data
  const groups = [...new Set(rights.map(({ right }) => groupOfRight(right)))]
  return (
    <div className={classes.scrolls}>
      <div className={classes.groups}>
        {groups.map((group) => (
          <fieldset key={group} className={classes.group}>
            <legend>{word('rightGroup', group)}</legend>
            {rights
              .filter(({ right }) => groupOfRight(right) === group)
              .map((known) => (
                <RightField
                  key={known.right}
                  known={known}
                  reach={chosen.get(known.right)}
                  onReach={(reach) => onChange(withReach(chosen, known.right, reach))}
                />
              ))}
          </fieldset>
        ))}
      </div>
    </div>
  )
}

function withReach(chosen: Chosen, right: Known['right'], reach: Reach | null): Chosen {
  const others = [...chosen].filter(([one]) => one !== right)
  return new Map(reach === null ? others : [...others, [right, reach]])
}

type RightFieldProps = { known: Known; reach: Reach | undefined; onReach: (reach: Reach | null) => void }

function RightField({ known: { right, care, byStore }, reach, onReach }: RightFieldProps) {
  const t = useText()
  const word = useWord()
  const name = word('right', right)
  return (
    <div>
      <Checkbox
        label={name}
        classNames={{ description: classes.care ?? '' }}
        {...(care !== 'none' && { description: t(`roles.care.${care}`) })}
        checked={reach !== undefined}
        onChange={(event) => onReach(event.target.checked ? 'all' : null)}
      />
      {byStore && reach !== undefined && (
        <NativeSelect
          mt="xs"
          ml="xl"
          aria-label={t('roles.reachOf', { name })}
          value={reach}
          onChange={(event) => onReach(event.target.value === 'own' ? 'own' : 'all')}
          data={[
            { value: 'all', label: t('roles.everywhere') },
            { value: 'own', label: t('roles.ownStores') },
          ]}
        />
      )}
    </div>
  )
}

/** A role that somebody has can't be removed: the button says why. */
function Remove({ role: { code, name }, onDone }: { role: OwnRole; onDone: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { items } = useSuspenseQuery(usersQuery).data
  const isUsed = items.some(({ roles }) => roles.includes(code))
  const { problem, busy, submit } = useSubmit(async () => {
    await call('roles.remove', { params: { code } })
    announce('good', t('roles.removed', { name }))
    await client.invalidateQueries({ queryKey: ['roles'] })
    onDone()
  })
  return (
    <div>
      <Button
        type="button"
        loading={busy}
        onClick={isUsed ? undefined : submit}
        {...(isUsed && { 'data-disabled': true, 'aria-disabled': true, 'aria-description': t('roles.used') })}
      >
        {t('roles.remove')}
      </Button>
      <p className={form.hint}>{t(isUsed ? 'roles.used' : 'roles.unused')}</p>
      <FormProblem text={problem} />
    </div>
  )
}
