import { useTranslation } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { ErrorLine } from '@/ui/States';

export function SaveLine(props: { busy: boolean; saved: boolean; error: unknown }) {
  const { t } = useTranslation();
  return (
    <>
      <ErrorLine error={props.error} />
      <div className="flex items-center gap-3 pb-4">
        <Button tone="primary" type="submit" busy={props.busy}>
          {t('common.save')}
        </Button>
        <span role="status" className="text-ok text-sm">
          {props.saved && t('settings.saved')}
        </span>
      </div>
    </>
  );
}
