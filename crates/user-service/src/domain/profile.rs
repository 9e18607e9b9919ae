//! What of a profile may be changed, and to what.

use api::{
    FieldError,
    rest::users::{Status, UpdateProfile},
};
use jiff::tz::TimeZoneDatabase;
use kernel::{
    Timestamp,
    limits::{BIO_CHARS, DISPLAY_NAME_CHARS, EMOJI_BYTES, STATUS_CHARS},
};

use super::text::{self, BadText};

/// The language of who has told none.
pub const DEFAULT_LOCALE: &str = "en";
/// The time zone of who has told none.
pub const DEFAULT_TIME_ZONE: &str = "UTC";
/// Characters of a language tag.
const LOCALE_CHARS: usize = 35;

/// A change that keeps to the rules. `None` leaves as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// The name that others see.
    pub display_name: Option<String>,
    /// A few words about oneself.
    pub bio: Option<String>,
    /// A BCP 47 tag.
    pub locale: Option<String>,
    /// An IANA name.
    pub time_zone: Option<String>,
    /// What the person is doing.
    pub status: Option<Status>,
}

impl ProfileChange {
    /// The change that is asked for.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn new(asked: UpdateProfile, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let change = Self {
            display_name: asked
                .display_name
                .and_then(|name| errors.text("display_name", display_name(&name))),
            bio: asked.bio.and_then(|bio| errors.text("bio", text::lines(&bio, BIO_CHARS))),
            locale: asked
                .locale
                .and_then(|tag| errors.some("locale", locale(&tag), "is not a BCP 47 tag")),
            time_zone: asked.time_zone.and_then(|name| {
                errors.some("time_zone", time_zone(&name), "is not an IANA time zone")
            }),
            status: asked.status.and_then(|asked| status(asked, now, &mut errors)),
        };
        if errors.0.is_empty() { Ok(change) } else { Err(errors.0) }
    }
}

#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn text(&mut self, field: &str, text: Result<String, BadText>) -> Option<String> {
        text.map_err(|bad| self.0.push(FieldError::new(field, bad.message()))).ok()
    }

    fn some(&mut self, field: &str, value: Option<String>, message: &str) -> Option<String> {
        if value.is_none() {
            self.0.push(FieldError::new(field, message));
        }
        value
    }
}

fn display_name(name: &str) -> Result<String, BadText> {
    text::name(name, DISPLAY_NAME_CHARS)
}

/// The name for somebody whom the identity provider calls `name`: that, if it keeps to the rules,
/// else the username.
#[must_use]
pub fn display_name_or(name: Option<&str>, username: &str) -> String {
    name.and_then(|name| display_name(name).ok()).unwrap_or_else(|| username.to_owned())
}

fn status(asked: Status, now: Timestamp, errors: &mut Errors) -> Option<Status> {
    let text = errors.text("status.text", text::line(&asked.text, STATUS_CHARS));
    let emoji = match text::line(&asked.emoji, EMOJI_BYTES) {
        Ok(emoji) if emoji.len() <= EMOJI_BYTES => Some(emoji),
        _ => None,
    };
    let emoji = errors.some("status.emoji", emoji, "must be an emoji of at most 64 bytes");
    if asked.expires_at.is_some_and(|end| end <= now) {
        errors.0.push(FieldError::new("status.expires_at", "must be in the future"));
    }
    Some(Status { text: text?, emoji: emoji?, expires_at: asked.expires_at })
}

/// A well-formed BCP 47 tag, as far as languages, scripts, regions and variants go.
#[must_use]
pub fn locale(tag: &str) -> Option<String> {
    let mut parts = tag.split('-');
    let language = parts.next()?;
    let language_fits =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let fits = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    (tag.len() <= LOCALE_CHARS && language_fits && parts.all(fits)).then(|| tag.to_owned())
}

/// The first language of an `Accept-Language` header.
#[must_use]
pub fn accepted_locale(header: Option<&str>) -> String {
    header
        .and_then(|header| header.split([',', ';']).next())
        .and_then(|tag| locale(tag.trim()))
        .unwrap_or_else(|| DEFAULT_LOCALE.to_owned())
}

/// The name of a time zone in the IANA database, in the database's own spelling.
fn time_zone(name: &str) -> Option<String> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    zone.iana_name().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn bad_fields(asked: UpdateProfile) -> Vec<String> {
        let errors = ProfileChange::new(asked, NOW).unwrap_err();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_empty_change_changes_nothing() {
        assert_eq!(ProfileChange::new(UpdateProfile::default(), NOW), Ok(ProfileChange::default()));
    }

    #[test]
    fn every_bad_field_is_named() {
        let asked = UpdateProfile {
            display_name: Some(" ".into()),
            bio: Some("x".repeat(501)),
            locale: Some("not a tag".into()),
            time_zone: Some("Mars/Olympus".into()),
            status: Some(Status {
                text: "x".repeat(101),
                emoji: "🙂".repeat(17),
                expires_at: Some(NOW),
            }),
        };
        assert_eq!(
            bad_fields(asked),
            [
                "display_name",
                "bio",
                "locale",
                "time_zone",
                "status.text",
                "status.emoji",
                "status.expires_at"
            ]
        );
    }

    #[test]
    fn time_zones_are_those_of_the_database() {
        for name in ["UTC", "America/Sao_Paulo", "Europe/Lisbon", "Asia/Kolkata"] {
            assert_eq!(time_zone(name).as_deref(), Some(name));
        }
        assert_eq!(time_zone("america/sao_paulo").as_deref(), Some("America/Sao_Paulo"));
        for name in ["", "../../etc/passwd", "America/", "UTC\0", "GMT+25"] {
            assert_eq!(time_zone(name), None, "{name:?}");
        }
    }

    #[test]
    fn locales_are_tags() {
        for tag in ["en", "pt-BR", "zh-Hant-TW", "de-1996", "haw"] {
            assert_eq!(locale(tag).as_deref(), Some(tag));
        }
        for tag in ["", "e", "pt_BR", "pt-", "english", "en-\u{e9}", "x'; --"] {
            assert_eq!(locale(tag), None, "{tag:?}");
        }
        assert_eq!(accepted_locale(Some("pt-BR,pt;q=0.9")), "pt-BR");
        assert_eq!(accepted_locale(Some("*")), "en");
        assert_eq!(accepted_locale(None), "en");
    }

    #[test]
    fn a_name_from_outside_that_breaks_the_rules_gives_way_to_the_username() {
        assert_eq!(display_name_or(Some(" Ana "), "ana"), "Ana");
        assert_eq!(display_name_or(Some("\u{202e}"), "ana"), "ana");
        assert_eq!(display_name_or(None, "ana"), "ana");
    }
}
