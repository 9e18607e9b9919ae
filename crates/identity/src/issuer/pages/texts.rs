//! What the pages say: one value of [`Texts`] for each language, so that none can be left out.

use crate::issuer::rules::Flaw;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    En,
    PtBr,
}

impl Language {
    /// All of them, the one for everybody else first.
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::PtBr];

    /// Its tag, as in `lang`, `ui_locales` and `kc_locale`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
        }
    }

    /// What its pages say.
    pub(crate) const fn texts(self) -> &'static Texts {
        match self {
            Self::En => &super::en::TEXTS,
            Self::PtBr => &super::pt_br::TEXTS,
        }
    }

    /// The language of a tag: `pt`, `pt-PT` and `pt_BR` all get Portuguese.
    fn of_tag(tag: &str) -> Option<Self> {
        let main = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match main.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "pt" => Some(Self::PtBr),
            _ => None,
        }
    }

    /// What was chosen on the page, or else what the client asks for, or else what the browser
    /// prefers.
    pub(crate) fn choose(
        kc_locale: Option<&str>,
        ui_locales: Option<&str>,
        accept_language: Option<&str>,
    ) -> Self {
        kc_locale
            .and_then(Self::of_tag)
            .or_else(|| ui_locales?.split_whitespace().find_map(Self::of_tag))
            .or_else(|| preferred(accept_language?))
            .unwrap_or(Self::En)
    }
}

/// The best of `Accept-Language` that there is.
fn preferred(accept_language: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for item in accept_language.split(',').take(20) {
        let (tag, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight
            .trim()
            .strip_prefix("q=")
            .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())
            .unwrap_or(0.0);
        let better = weight > best.map_or(0.0, |(best, _)| best);
        if let (true, Some(language)) = (better, Language::of_tag(tag)) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// What the pages say in one language.
pub(crate) struct Texts {
    pub(crate) language: Language,
    /// The language's own name.
    pub(crate) name: &'static str,

    pub(crate) sign_in_title: &'static str,
    pub(crate) sign_in_lead: &'static str,
    pub(crate) sign_in_button: &'static str,
    pub(crate) login_label: &'static str,
    pub(crate) password_label: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) to_sign_up: &'static str,

    pub(crate) sign_up_title: &'static str,
    pub(crate) sign_up_lead: &'static str,
    pub(crate) sign_up_button: &'static str,
    pub(crate) display_name_label: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) username_label: &'static str,
    pub(crate) username_hint: &'static str,
    pub(crate) email_label: &'static str,
    pub(crate) password_hint: &'static str,
    pub(crate) have_account: &'static str,
    pub(crate) to_sign_in: &'static str,

    pub(crate) sign_out_title: &'static str,
    pub(crate) sign_out_lead: &'static str,
    pub(crate) sign_out_button: &'static str,
    pub(crate) signed_out_title: &'static str,
    pub(crate) signed_out_lead: &'static str,
    pub(crate) to_app: &'static str,

    pub(crate) problem: &'static str,
    pub(crate) wrong_credentials: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) unavailable: &'static str,
    pub(crate) expired_title: &'static str,
    pub(crate) expired: &'static str,
    pub(crate) start_again: &'static str,
    pub(crate) refused_title: &'static str,
    pub(crate) unknown_client: &'static str,
    pub(crate) unknown_redirect: &'static str,
    pub(crate) unreadable: &'static str,

    pub(crate) username_length: &'static str,
    pub(crate) username_characters: &'static str,
    pub(crate) username_taken: &'static str,
    pub(crate) email_invalid: &'static str,
    pub(crate) email_taken: &'static str,
    pub(crate) password_short: &'static str,
    pub(crate) password_long: &'static str,
    pub(crate) password_common: &'static str,
    pub(crate) password_is_name: &'static str,
    pub(crate) display_name_length: &'static str,
    pub(crate) display_name_characters: &'static str,
}

impl Texts {
    /// What is wrong with a field.
    pub(crate) const fn flaw(&self, flaw: Flaw) -> &'static str {
        match flaw {
            Flaw::UsernameLength => self.username_length,
            Flaw::UsernameCharacters => self.username_characters,
            Flaw::UsernameTaken => self.username_taken,
            Flaw::EmailInvalid => self.email_invalid,
            Flaw::EmailTaken => self.email_taken,
            Flaw::PasswordShort => self.password_short,
            Flaw::PasswordLong => self.password_long,
            Flaw::PasswordCommon => self.password_common,
            Flaw::PasswordIsName => self.password_is_name,
            Flaw::DisplayNameLength => self.display_name_length,
            Flaw::DisplayNameCharacters => self.display_name_characters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_best_that_there_is() {
        let choose = Language::choose;
        assert_eq!(choose(None, None, None), Language::En);
        assert_eq!(choose(None, None, Some("de, pt;q=0.8, en;q=0.5")), Language::PtBr);
        assert_eq!(choose(None, None, Some("en-GB,pt-BR;q=0.9")), Language::En);
        assert_eq!(choose(None, Some("fr pt-BR"), Some("en")), Language::PtBr);
        assert_eq!(choose(Some("en"), Some("pt-BR"), Some("pt")), Language::En);
        assert_eq!(choose(Some("xx"), None, Some("pt;q=nonsense")), Language::En);
    }
}
