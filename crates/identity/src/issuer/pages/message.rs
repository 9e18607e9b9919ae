//! Pages that say one thing, and the question before signing out.

use super::{escape, layout::page, texts::Texts};

/// What the page says.
pub(crate) struct Message<'a> {
    pub(crate) texts: &'static Texts,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// Where it leads: an address and a word.
    pub(crate) link: (&'a str, &'a str),
}

/// The page.
pub(crate) fn message(data: &Message<'_>) -> String {
    let (href, word) = data.link;
    let inside = format!(
        r#"<h1>{title}</h1>
<p class="lead">{text}</p>
<a class="button" href="{href}">{word}</a>"#,
        title = escape(data.title),
        text = escape(data.text),
        href = escape(href),
        word = escape(word),
    );
    page(data.texts, data.title, None, &inside)
}

/// Asks whether to sign out. The form carries what was sealed for this browser.
pub(crate) fn confirm_sign_out(texts: &'static Texts, action: &str, sealed: &str) -> String {
    let inside = format!(
        r#"<h1>{title}</h1>
<p class="lead">{lead}</p>
<form method="post" action="{action}">
<input type="hidden" name="confirm" value="{sealed}">
<button type="submit">{button}</button>
</form>"#,
        title = escape(texts.sign_out_title),
        lead = escape(texts.sign_out_lead),
        action = escape(action),
        sealed = escape(sealed),
        button = escape(texts.sign_out_button),
    );
    page(texts, texts.sign_out_title, None, &inside)
}
