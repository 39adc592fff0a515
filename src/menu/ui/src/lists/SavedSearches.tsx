import { ActionIcon, Button, Checkbox, Menu, NativeSelect, TextInput } from '@mantine/core'
import { IconBookmark, IconChevronDown, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Answer, call } from '../api/call.ts'
import { searchesQuery } from '../api/queries.ts'
import { usePerson } from '../api/session.ts'
import { announce } from '../components/announcements.ts'
import { Dialog } from '../components/Dialog.tsx'
import form from '../components/Form.module.css'
import { FormActs } from '../components/FormActs.tsx'
import { problemText } from '../components/problem-text.ts'
import { useRoleName } from '../components/useRoleName.ts'
import { useText } from '../i18n/useText.ts'
import classes from './ListTools.module.css'

type Saved = Answer<'searches.list'>['items'][number]
type List = Saved['list']

type Props = { list: List; query: string; columns: readonly string[]; hasSecret: boolean }

/** Searches kept on the server: one's own, and those that are shared with one's role. */
export function SavedSearches(props: Props) {
  const t = useText()
  const navigate = useNavigate()
  const [saving, setSaving] = useState(false)
  const { data } = useQuery(searchesQuery)
  const here = (data?.items ?? []).filter(({ list }) => list === props.list)
  const groups = [
    { name: t('list.savedOwn'), items: here.filter(({ own }) => own) },
    { name: t('list.savedShared'), items: here.filter(({ own }) => !own) },
  ].filter(({ items }) => items.length > 0)
  const open = ({ query, columns }: Saved): void => {
    const search = Object.fromEntries(new URLSearchParams(query))
    void navigate({ to: '.', search: { ...search, ...(columns.length > 0 && { columns: columns.join(',') }) } })
  }
  return (
    <>
      {groups.length > 0 && (
        <Menu position="bottom-end" width={280}>
          <Menu.Target>
            <Button
              size="compact-sm"
              leftSection={<IconBookmark size={15} stroke={1.6} />}
              rightSection={<IconChevronDown size={14} />}
            >
              {t('list.saved')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {groups.map(({ name, items }) => (
              <div key={name} role="presentation">
                <Menu.Label>{name}</Menu.Label>
                {items.map((saved) => (
                  <SavedItem key={saved.id} saved={saved} onOpen={() => open(saved)} />
                ))}
              </div>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button size="compact-sm" onClick={() => setSaving(true)}>
        {t('list.save')}
      </Button>
      {saving && <SaveDialog {...props} onClose={() => setSaving(false)} />}
    </>
  )
}

function SavedItem({ saved, onOpen }: { saved: Saved; onOpen: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const remove = async (): Promise<void> => {
    try {
      await call('searches.remove', { params: { id: saved.id } })
      await client.invalidateQueries({ queryKey: searchesQuery.queryKey })
    } catch (error) {
      announce('bad', problemText(error, t))
    }
  }
  return (
    <div className={classes.saved} role="presentation">
      <Menu.Item onClick={onOpen}>{saved.name}</Menu.Item>
      {saved.own && (
        <ActionIcon
          size="sm"
          role="menuitem"
          aria-label={t('list.removeSaved', { name: saved.name })}
          onClick={() => void remove()}
        >
          <IconTrash size={14} />
        </ActionIcon>
      )}
    </div>
  )
}

function SaveDialog({ list, query, columns, hasSecret, onClose }: Props & { onClose: () => void }) {
  const t = useText()
  const client = useQueryClient()
  const { roles } = usePerson()
  const roleName = useRoleName(roles)
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [role, setRole] = useState(roles[0] ?? '')
  const [problem, setProblem] = useState<string | null>(hasSecret ? t('list.saveSecret') : null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await call('searches.save', {
        body: { list, name: name.trim(), query, columns: [...columns], sharedWith: shared ? role : null },
      })
      await client.invalidateQueries({ queryKey: searchesQuery.queryKey })
      announce('good', t('list.saveDone', { name: name.trim() }))
      onClose()
    } catch (error) {
      setProblem(problemText(error, t))
    }
  }
  return (
    <Dialog title={t('list.save')} onClose={onClose} size="26rem">
      <form className={form.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          data-autofocus
          label={t('field.name')}
          maxLength={60}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Checkbox label={t('list.share')} checked={shared} onChange={(event) => setShared(event.target.checked)} />
        {shared && roles.length > 1 && (
          <NativeSelect
            label={t('field.role')}
            value={role}
            onChange={(event) => setRole(event.target.value)}
            data={roles.map((one) => ({ value: one, label: roleName(one) }))}
          />
        )}
        <FormActs problem={problem} disabled={hasSecret} act={t('list.save')} onClose={onClose} />
      </form>
    </Dialog>
  )
}
