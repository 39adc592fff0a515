import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useText } from '../../i18n/useText.ts'

const FILES = [
  { label: 'CSV', query: 'format=csv' },
  { text: 'reports.csvPolish', query: 'format=csv&preset=pl' },
  { text: 'reports.csvOld', query: 'format=csv&preset=windows-1250' },
  { label: 'XLSX', query: 'format=xlsx' },
  { label: 'PDF', query: 'format=pdf' },
] as const

type Props = { path: string; query?: string; name?: string; hasPaper?: boolean }

/** The page's data as a file. @param name of the button, if a page has several; @param hasPaper false: it is too long for a PDF */
export function Files({ path, query = '', name, hasPaper = true }: Props) {
  const t = useText()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconDownload size={15} stroke={1.6} />}>{name ?? t('reports.files')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FILES.filter(({ query: format }) => hasPaper || format !== 'format=pdf').map((file) => (
          <Menu.Item
            key={file.query}
            component="a"
            href={`${path}?${query === '' ? '' : `${query}&`}${file.query}`}
            download
          >
            {'text' in file ? t(file.text) : file.label}
          </Menu.Item>
        ))}
        {!hasPaper && <Menu.Item disabled>{t('reports.noPaper')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}
