import { Dialog } from './Dialog.tsx'
import { ReasonForm, type ReasonFormProps } from './ReasonForm.tsx'

/** One act with a reason; closes itself once it is done. */
export function ReasonDialog({ title, run, onClose, ...form }: ReasonFormProps & { title: string }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <ReasonForm
        {...form}
        onClose={onClose}
        run={async (reason) => {
          await run(reason)
          onClose()
        }}
      />
    </Dialog>
  )
}
