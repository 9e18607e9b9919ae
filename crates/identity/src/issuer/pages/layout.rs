//! What all pages share.

use std::{borrow::Cow, fmt::Write as _, sync::LazyLock};

use super::texts::Texts;
use crate::issuer::crypto::sha256;

/// The style sheet.
pub(crate) const STYLE: &str = include_str!("login.css");

static VERSION: LazyLock<String> = LazyLock::new(|| {
    sha256(STYLE.as_bytes()).iter().take(6).fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
});

/// The style sheet's version: part of its path, so that it may be kept for ever.
pub(crate) fn style_version() -> &'static str {
    &VERSION
}

/// Where the style sheet of this version is.
pub(crate) fn style_path() -> String {
    format!("/auth/resources/{}/login.css", style_version())
}

const LOGO: &str = concat!(
    r##"<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">"##,
    r##"<rect width="32" height="32" rx="8" fill="#4f46e5"/>"##,
    r##"<path d="M9 10.5h14M16 10.5v6.2c0 3 1.6 4.8 4.6 4.8" fill="none" stroke="#fff" "##,
    r##"stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>"##,
    r##"<circle cx="11" cy="21" r="1.9" fill="#fff"/></svg>"##,
);

/// Text as HTML, inside an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// A page with that HTML inside. `switch` is where the other language is, if it is anywhere.
pub(super) fn page(
    texts: &Texts,
    title: &str,
    switch: Option<(&Texts, &str)>,
    inside: &str,
) -> String {
    let footer = switch.map_or_else(String::new, |(other, href)| {
        format!(
            r#"<footer><a href="{href}" lang="{lang}" hreflang="{lang}" rel="alternate">{name}</a></footer>"#,
            href = escape(href),
            lang = other.language.tag(),
            name = escape(other.name),
        )
    });
    format!(
        r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · Thread</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<main>
<p class="brand">{LOGO}<span>Thread</span></p>
{inside}
</main>
{footer}
</body>
</html>
"#,
        lang = texts.language.tag(),
        title = escape(title),
        style = style_path(),
    )
}

/// A field of a form.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) label: &'a str,
    pub(super) optional: Option<&'a str>,
    pub(super) value: &'a str,
    pub(super) autocomplete: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) flaw: Option<&'a str>,
    pub(super) autofocus: bool,
    pub(super) attributes: &'a str,
}

impl Field<'_> {
    pub(super) fn html(&self) -> String {
        let name = self.name;
        let mut described = Vec::new();
        let mut below = String::new();
        if let Some(flaw) = self.flaw {
            described.push(format!("{name}-flaw"));
            // Writing to a string can't fail, here and below.
            let _ = write!(
                below,
                r#"<p class="flaw" id="{name}-flaw">{} {}</p>"#,
                escape(self.label),
                escape(flaw)
            );
        }
        if let Some(hint) = self.hint {
            described.push(format!("{name}-hint"));
            let _ = write!(below, r#"<p class="hint" id="{name}-hint">{}</p>"#, escape(hint));
        }
        let mut attributes = String::new();
        if !described.is_empty() {
            let _ = write!(attributes, r#" aria-describedby="{}""#, described.join(" "));
        }
        if self.flaw.is_some() {
            attributes.push_str(r#" aria-invalid="true""#);
        }
        if self.optional.is_none() {
            attributes.push_str(" required");
        }
        if self.autofocus {
            attributes.push_str(" autofocus");
        }
        let optional = self
            .optional
            .map_or_else(String::new, |word| format!(" <span>({})</span>", escape(word)));
        format!(
            r#"<div class="field"><label for="{name}">{label}{optional}</label><input id="{name}" name="{name}" type="{kind}" value="{value}" autocomplete="{autocomplete}"{more}{attributes}>{below}</div>
"#,
            label = escape(self.label),
            kind = self.kind,
            value = escape(self.value),
            autocomplete = self.autocomplete,
            more = self.attributes,
        )
    }
}

/// A summary of what is wrong, read out first; `inside` is HTML.
pub(super) fn problem(texts: &Texts, inside: &str) -> String {
    format!(
        r#"<div class="problem" role="alert" aria-labelledby="problem"><h2 id="problem">{}</h2>{inside}</div>
"#,
        escape(texts.problem)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_text_or_an_attribute() {
        assert_eq!(
            escape(r#""><script>alert('&')</script>"#),
            "&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"
        );
    }
}
