//! Folding text for search: accents and case ignored.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// The text without accents and in lower case.
pub(crate) fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_are_ignored() {
        assert_eq!(fold("Configuração ÉTÉ"), "configuracao ete");
    }
}
