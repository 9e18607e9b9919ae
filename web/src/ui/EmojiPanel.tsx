import { EmojiPicker, type EmojiPickerListComponents } from 'frimousse';
import { useTranslation } from '@/lib/i18n';

/** Fetched when it is first opened, hence the default export. */
// biome-ignore lint/style/noDefaultExport: React.lazy asks for one.
export default function EmojiPanel({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, locale } = useTranslation();
  return (
    <EmojiPicker.Root
      // Without it the data would come from a CDN.
      emojibaseUrl={`${location.origin}/emoji`}
      locale={locale === 'pt-BR' ? 'pt' : 'en'}
      columns={9}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      className="flex h-full flex-col"
    >
      <EmojiPicker.Search
        autoFocus
        aria-label={t('emoji.search')}
        placeholder={t('emoji.search')}
        className="m-2 h-9 rounded-md border border-line-strong/60 bg-bg px-3 text-sm"
      />
      <EmojiPicker.Viewport className="scroller relative flex-1 outline-none">
        <EmojiPicker.Loading className="absolute inset-0 flex items-center justify-center text-muted text-sm">
          {t('common.loading')}
        </EmojiPicker.Loading>
        <EmojiPicker.Empty className="absolute inset-0 flex items-center justify-center text-muted text-sm">
          {t('emoji.none')}
        </EmojiPicker.Empty>
        <EmojiPicker.List className="select-none pb-2" components={parts} />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}

const parts: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-raised px-3 pt-2 pb-1 font-medium text-muted text-xs">
      {category.label}
    </div>
  ),
  // The grid's indices begin at 1; the library counts from 0.
  Row: ({ children, ...props }) => (
    <div {...props} {...oneBased(props, 'aria-rowindex')} className="flex scroll-my-1 px-1.5">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button
      {...props}
      {...oneBased(props, 'aria-colindex')}
      className="flex size-[34px] items-center justify-center rounded-sm text-xl data-active:bg-hover"
    >
      {emoji.emoji}
    </button>
  ),
};

function oneBased(props: object, name: 'aria-rowindex' | 'aria-colindex') {
  const value = (props as Record<string, unknown>)[name];
  return typeof value === 'number' ? { [name]: value + 1 } : {};
}
