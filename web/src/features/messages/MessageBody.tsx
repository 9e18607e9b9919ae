import { memo, useCallback } from 'react';
import type { Message } from '@/api/types';
import { classes } from '@/lib/classes';
import { moment } from '@/lib/dates';
import { useTranslation } from '@/lib/i18n';
import { isOnlyEmoji, Markdown } from '@/lib/md';
import { useMyId, useProfile } from '@/lib/useMe';
import { usePeople } from '@/realtime/people';

/** What a message says. */
export const MessageBody = memo(function MessageBody({ message }: { message: Message }) {
  const { t, locale } = useTranslation();
  const me = useMyId();
  const myName = useProfile()?.username;
  const people = usePeople(message.mentions.filter((id) => id !== 'here' && id !== 'all'));
  const isPending = message.version === 0;
  const resolve = useCallback(
    (word: string) => {
      if (word === 'here' || word === 'all') {
        // A message on its way has not been looked through by the server yet.
        if (!isPending && !message.mentions.includes(word)) return null;
        return { label: `@${word}`, isMe: message.sender_id !== me };
      }
      const person = people.find((each) => each.username.toLowerCase() === word);
      if (person) return { label: `@${person.display_name}`, isMe: person.id === me };
      if (myName === word && message.mentions.includes(me)) {
        return { label: `@${word}`, isMe: true };
      }
      return null;
    },
    [people, message.mentions, message.sender_id, me, myName, isPending],
  );
  if (message.deleted_at) {
    return <p className="text-muted italic">{t('messages.deleted')}</p>;
  }
  return (
    <div className={classes('prose-chat', isOnlyEmoji(message.text) && 'text-[32px] leading-10')}>
      <Markdown
        text={message.text}
        mention={resolve}
        tail={
          message.edited_at && (
            <span title={moment(locale, message.edited_at)} className="text-muted text-xs">
              {' '}
              {t('messages.edited')}
            </span>
          )
        }
      />
    </div>
  );
});
