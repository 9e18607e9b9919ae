//! Text that people write about themselves.

use unicode_normalization::UnicodeNormalization as _;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BadText {
    Empty,
    TooLong(usize),
    Unprintable,
}

impl BadText {
    /// The sentence for the person.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Empty => "must not be empty".to_owned(),
            Self::TooLong(most) => format!("must have at most {most} characters"),
            Self::Unprintable => "must not contain control characters".to_owned(),
        }
    }
}

/// One line: trimmed, composed (NFC), without control characters.
pub(crate) fn line(text: &str, most: usize) -> Result<String, BadText> {
    let line: String = text.trim().nfc().collect();
    if line.chars().any(is_control) {
        return Err(BadText::Unprintable);
    }
    within(line, most)
}

/// Lines: like [`line`], but they may break.
pub(crate) fn lines(text: &str, most: usize) -> Result<String, BadText> {
    let text: String = text.replace("\r\n", "\n").trim().nfc().collect();
    if text.chars().any(|c| c != '\n' && is_control(c)) {
        return Err(BadText::Unprintable);
    }
    within(text, most)
}

/// One line in which something can be seen.
pub(crate) fn name(text: &str, most: usize) -> Result<String, BadText> {
    let name = line(text, most)?;
    not_empty(&name).map(|()| name)
}

/// Whether something can be seen in it.
pub(crate) fn not_empty(text: &str) -> Result<(), BadText> {
    let visible = |c: char| {
        !c.is_whitespace() && !is_joiner(c) && !unicode_normalization::char::is_combining_mark(c)
    };
    if text.chars().any(visible) { Ok(()) } else { Err(BadText::Empty) }
}

fn within(text: String, most: usize) -> Result<String, BadText> {
    if text.chars().count() > most { Err(BadText::TooLong(most)) } else { Ok(text) }
}

/// Control characters, and those that hide or turn round the text beside them.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Characters that only join others: emoji families and some scripts need them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{00ad}' | '\u{3164}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(name("  Jose\u{301} ", 64), Ok("José".to_owned()));
    }

    #[test]
    fn a_name_that_cannot_be_seen_is_none() {
        for text in ["", "   ", "\u{200d}", "\u{301}", "\u{3164}"] {
            assert_eq!(name(text, 64), Err(BadText::Empty), "{text:?}");
        }
    }

    #[test]
    fn what_turns_text_round_is_refused() {
        for text in ["a\u{202e}b", "a\u{2066}b", "a\0b", "a\nb", "a\u{1b}[0m", "\u{feff}a b"] {
            assert_eq!(name(text, 64), Err(BadText::Unprintable), "{text:?}");
        }
        assert!(name("👨‍👩‍👧", 64).is_ok());
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(line(&"é".repeat(64), 64).is_ok());
        assert_eq!(line(&"é".repeat(65), 64), Err(BadText::TooLong(64)));
    }

    #[test]
    fn lines_may_break() {
        assert_eq!(lines("a\r\nb\n", 10), Ok("a\nb".to_owned()));
        assert_eq!(lines("a\tb", 10), Err(BadText::Unprintable));
    }
}
