import { Button, Checkbox, NativeSelect, Popover } from '@mantine/core'
import { IconChevronDown, IconColumns3 } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useFormat } from '../i18n/useFormat.ts'
import { useText } from '../i18n/useText.ts'
import { useListSearch } from './useListSearch.ts'
import classes from './ListTools.module.css'

type ChooserProps = {
  columns: readonly { id: string; head: string }[]
  shown: ReadonlySet<string>
  onToggle: (id: string) => void
}

export function ColumnChooser({ columns, shown, onToggle }: ChooserProps) {
  const t = useText()
  return (
    <Popover position="bottom-end" width={220} trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          leftSection={<IconColumns3 size={15} stroke={1.6} />}
          rightSection={<IconChevronDown size={14} />}
        >
          {t('list.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.columns')}>
        <div className={classes.columns}>
          {columns.map(({ id, head }) => (
            <Checkbox key={id} label={head} checked={shown.has(id)} onChange={() => onToggle(id)} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

export const PAGE_SIZES = ['50', '100', '200'] as const

type FootProps = {
  /** The number of matching rows in words; counted up to 10,000. */
  count: string
  capped?: boolean
  shown: number
  limit: string
  onLimit: (limit: string) => void
  /** The cursor of the next page; null: this is the last one. */
  next: string | null
  isFirst: boolean
  onNext: (cursor: string) => void
  onFirst: () => void
}

/** The number of results and the page. The next page continues after the last row shown, without counting from the start. */
export function ListFoot({ count, capped = false, shown, limit, onLimit, next, isFirst, onNext, onFirst }: FootProps) {
  const t = useText()
  const format = useFormat()
  const { history } = useRouter()
  // An empty list has its own notice.
  if (shown === 0 && isFirst && count === '') return null
  return (
    <div className={classes.foot}>
      <strong title={capped ? t('list.cappedHint') : undefined}>{count}</strong>
      <span className={classes.range}>{t('list.shown', { n: format.count(shown) })}</span>
      <NativeSelect
        size="xs"
        className={classes.size}
        aria-label={t('list.pageSize')}
        data={PAGE_SIZES.map((size) => ({ value: size, label: size }))}
        value={limit}
        onChange={(event) => onLimit(event.target.value)}
      />
      <Button size="compact-sm" disabled={isFirst} onClick={onFirst}>
        {t('list.first')}
      </Button>
      <Button size="compact-sm" disabled={isFirst} onClick={() => history.back()}>
        {t('list.previous')}
      </Button>
      <Button size="compact-sm" disabled={next === null} onClick={() => next !== null && onNext(next)}>
        {t('list.next')}
      </Button>
    </div>
  )
}

type PageFootProps = {
  /** The page that is shown; undefined: it is not loaded yet. */
  page: { readonly items: readonly unknown[]; readonly next: string | null } | undefined
  /** The default page size, which is not in the URL. */
  usual?: (typeof PAGE_SIZES)[number]
}

/** The foot of a list whose rows are not counted. The page and its size are in the URL. */
export function PageFoot({ page, usual = '50' }: PageFootProps) {
  const { search, change } = useListSearch()
  if (page === undefined) return null
  return (
    <ListFoot
      count=""
      shown={page.items.length}
      limit={search['limit'] ?? usual}
      onLimit={(limit) => change({ limit: limit === usual ? undefined : limit })}
      next={page.next}
      isFirst={search['cursor'] === undefined}
      onNext={(cursor) => change({ cursor })}
      onFirst={() => change({})}
    />
  )
}
