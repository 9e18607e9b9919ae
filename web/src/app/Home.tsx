import { useNavigate } from '@tanstack/react-router';
import { Compass, MessageSquarePlus, UserPlus } from 'lucide-react';
import { openDialog } from '@/lib/dialogs';
import { useTranslation } from '@/lib/i18n';
import { modKey } from '@/lib/keyboard';
import { useProfile } from '@/lib/useMe';
import { useChats } from '@/realtime/chats';
import { Button } from '@/ui/Button';
import { Empty } from '@/ui/States';

/** Nothing is open yet. */
export function Home() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = useProfile()?.display_name ?? '';
  const isNew = useChats((state) => state.status === 'ready' && state.byId.size === 0);
  return (
    <div className="flex flex-1 items-center justify-center">
      <Empty
        icon={<MessageSquarePlus className="size-5" aria-hidden />}
        title={isNew ? t('home.first_title', { name }) : t('home.title')}
        text={isNew ? t('home.first_text') : t('home.text', { keys: modKey('K') })}
      >
        <Button tone="primary" onClick={() => void navigate({ to: '/people' })}>
          <UserPlus className="size-4" aria-hidden />
          {t('chats.find_people')}
        </Button>
        <Button onClick={() => void navigate({ to: '/discover' })}>
          <Compass className="size-4" aria-hidden />
          {t('chats.browse')}
        </Button>
        {!isNew && (
          <Button onClick={() => openDialog({ kind: 'new_chat' })}>{t('chats.new_chat')}</Button>
        )}
      </Empty>
    </div>
  );
}
