//! Finding mentions in a message's Markdown: `@username`, `@here`, `@all`.
//!
//! Not inside code (spans and fences), not inside e-mail addresses, not after a backslash. The
//! work is linear in the text.

use kernel::limits::{MENTIONS, USERNAME_CHARS};

/// Whom a text mentions, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mentioned {
    /// Usernames in lower case, each once, the first first, at most 200.
    pub(crate) usernames: Vec<String>,
    /// `@here`.
    pub(crate) here: bool,
    /// `@all`.
    pub(crate) all: bool,
}

/// Finds whom the text mentions.
pub(crate) fn find(text: &str) -> Mentioned {
    let mut found = Mentioned::default();
    // Most messages mention nobody: one look is enough for them.
    if !text.contains('@') {
        return found;
    }
    let mut fence: Option<(u8, usize)> = None;
    let mut paragraph = String::new();
    for line in text.split('\n') {
        let mark = fence_mark(line);
        match (fence, mark) {
            (None, Some((byte, length, _))) => {
                scan(&paragraph, &mut found);
                paragraph.clear();
                fence = Some((byte, length));
            }
            (Some((byte, length)), Some((closing, closing_length, bare)))
                if closing == byte && closing_length >= length && bare =>
            {
                fence = None;
            }
            (Some(_), _) => {}
            (None, None) => {
                paragraph.push_str(line);
                paragraph.push('\n');
            }
        }
    }
    scan(&paragraph, &mut found);
    found
}

/// The fence that a line opens or closes: its character, its length, and whether nothing follows.
fn fence_mark(line: &str) -> Option<(u8, usize, bool)> {
    let trimmed = line.trim_start_matches(' ');
    if line.len() - trimmed.len() > 3 {
        return None;
    }
    let byte = *trimmed.as_bytes().first()?;
    if byte != b'`' && byte != b'~' {
        return None;
    }
    let length = trimmed.bytes().take_while(|b| *b == byte).count();
    let rest = trimmed.get(length..)?;
    // Three backticks with another one on the line are a code span.
    if length < 3 || (byte == b'`' && rest.contains('`')) {
        return None;
    }
    Some((byte, length, rest.trim().is_empty()))
}

/// Finds the mentions in text that holds no fence.
fn scan(text: &str, found: &mut Mentioned) {
    let bytes = text.as_bytes();
    let mut ends = span_ends(bytes);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'`' => {
                let run = run_length(bytes, at);
                at = ends.close(at, run).unwrap_or(at + run);
            }
            b'@' => {
                let name = name_at(bytes, at + 1);
                if !name.is_empty()
                    && starts_a_word(text, at)
                    && !is_handle(text, at + 1 + name.len())
                {
                    note(&name.to_ascii_lowercase(), found);
                }
                at += 1 + name.len();
            }
            _ => at += 1,
        }
    }
}

fn note(name: &str, found: &mut Mentioned) {
    match name {
        "here" => found.here = true,
        "all" => found.all = true,
        _ if name.len() < USERNAME_CHARS.0 || name.len() > USERNAME_CHARS.1 => {}
        _ if found.usernames.len() >= MENTIONS => {}
        _ if found.usernames.iter().any(|known| known == name) => {}
        _ => found.usernames.push(name.to_owned()),
    }
}

/// What could be a username: letters, digits and `._-`, ending with a letter or digit.
fn name_at(bytes: &[u8], start: usize) -> &str {
    let rest = bytes.get(start..).unwrap_or_default();
    let long = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        .count();
    let name = rest.get(..long).unwrap_or_default();
    let length = name.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    if !name.first().is_some_and(u8::is_ascii_alphanumeric) {
        return "";
    }
    std::str::from_utf8(name.get(..length).unwrap_or_default()).unwrap_or_default()
}

/// Whether a mention may begin here: not inside a word, an address or a path.
fn starts_a_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| {
        !c.is_alphanumeric() && !matches!(c, '@' | '.' | '_' | '-' | '+' | '/' | '%')
    })
}

/// `@name@host` is an address elsewhere; a letter that no username has makes it another word.
fn is_handle(text: &str, after: usize) -> bool {
    text.get(after..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| c == '@' || (!c.is_ascii() && c.is_alphanumeric()))
}

fn run_length(bytes: &[u8], start: usize) -> usize {
    bytes.get(start..).unwrap_or_default().iter().take_while(|byte| **byte == b'`').count()
}

/// Where runs of backticks are, by length: a span ends at the next run of the length it began
/// with.
struct SpanEnds(std::collections::HashMap<usize, std::collections::VecDeque<usize>>);

impl SpanEnds {
    /// The place after the span that begins at `start`; `None` when nothing closes it.
    fn close(&mut self, start: usize, length: usize) -> Option<usize> {
        let runs = self.0.get_mut(&length)?;
        while let Some(run) = runs.pop_front() {
            if run > start {
                return Some(run + length);
            }
        }
        None
    }
}

fn span_ends(bytes: &[u8]) -> SpanEnds {
    let mut runs = SpanEnds(std::collections::HashMap::new());
    let mut at = 0;
    while at < bytes.len() {
        let length = run_length(bytes, at);
        if length > 0 {
            runs.0.entry(length).or_default().push_back(at);
        }
        at += length.max(1);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        find(text).usernames
    }

    #[test]
    fn a_username_is_found_at_a_words_beginning() {
        assert_eq!(names("@ana hi"), ["ana"]);
        assert_eq!(names("hi, @Ana.Maria-2!"), ["ana.maria-2"]);
        assert_eq!(names("(@ana)"), ["ana"]);
        assert_eq!(names("**@ana**"), ["ana"]);
        assert_eq!(names("@ana @bob @ana"), ["ana", "bob"]);
        assert_eq!(names("ask @ana."), ["ana"]);
    }

    #[test]
    fn addresses_code_and_escapes_hold_none() {
        for text in [
            "mail ana@example.org",
            "ana.b@here",
            "`@ana`",
            "``a ` @ana``",
            "```\n@ana\n```",
            "~~~ text\n@ana\n",
            "\\@ana",
            "@ana@example.org",
            "https://x.org/@ana",
            "@a",
            "@",
            "@@@",
            "@anaé",
        ] {
            assert_eq!(find(text), Mentioned::default(), "{text:?}");
        }
    }

    #[test]
    fn an_open_backtick_hides_nothing() {
        assert_eq!(names("it`s @ana"), ["ana"]);
        assert_eq!(names("`code` @ana `more`"), ["ana"]);
        assert_eq!(names("```\ncode @bob\n```\n@ana"), ["ana"]);
    }

    #[test]
    fn everybody_is_called_by_here_and_all() {
        let found = find("@here and @ALL");
        assert!(found.here && found.all && found.usernames.is_empty());
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        let many = |unit: &str| unit.repeat(8_000 / unit.chars().count());
        let runs: String = (1..126).map(|n| format!("{} ", "`".repeat(n))).collect();
        for text in [many("@"), many("`@a"), many("@a`"), many("\\`"), runs, many("@ana ")] {
            let _ = find(&text);
        }
        let crowd: String = (0..400).map(|n| format!("@user{n} ")).collect();
        assert_eq!(find(&crowd).usernames.len(), MENTIONS);
    }
}
