//! What an account's fields may be: pure functions of what somebody typed.

use api::FieldError;
use kernel::limits::{DISPLAY_NAME_CHARS, PASSWORD_CHARS, USERNAME_CHARS};
use unicode_normalization::UnicodeNormalization;

use super::common_passwords::is_common;
use crate::NewAccount;

/// Characters of an e-mail address at most (RFC 5321).
const EMAIL_CHARS: usize = 254;

/// What is wrong with a field. The pages say it in their language, the API in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    UsernameLength,
    UsernameCharacters,
    UsernameTaken,
    EmailInvalid,
    EmailTaken,
    PasswordShort,
    PasswordLong,
    PasswordCommon,
    PasswordIsName,
    DisplayNameLength,
    DisplayNameCharacters,
}

impl Flaw {
    /// The field's name in requests.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::UsernameLength | Self::UsernameCharacters | Self::UsernameTaken => "username",
            Self::EmailInvalid | Self::EmailTaken => "email",
            Self::PasswordShort
            | Self::PasswordLong
            | Self::PasswordCommon
            | Self::PasswordIsName => "password",
            Self::DisplayNameLength | Self::DisplayNameCharacters => "display_name",
        }
    }

    /// Whether it is about somebody else's account.
    pub(crate) const fn is_taken(self) -> bool {
        matches!(self, Self::UsernameTaken | Self::EmailTaken)
    }

    /// A sentence in English.
    pub(crate) const fn message(self) -> &'static str {
        super::pages::en::TEXTS.flaw(self)
    }

    /// For the API.
    pub(crate) fn error(self) -> FieldError {
        FieldError::new(self.field(), self.message())
    }
}

/// The fields of a new account, normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fields {
    pub(crate) username: String,
    pub(crate) email: String,
    pub(crate) name: String,
    /// Not normalised further: it goes to the hash.
    pub(crate) password: String,
}

/// Checks the fields of a new account, all of them.
pub(crate) fn check(account: &NewAccount) -> Result<Fields, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut note = |flaw: Option<Flaw>| flaws.extend(flaw);
    let username = account.username.trim().to_lowercase();
    note(username_flaw(&username));
    let email = normal_email(&account.email);
    note((!is_email(&email)).then_some(Flaw::EmailInvalid));
    let password = normal_password(account.password.reveal());
    note(password_flaw(&password, &username, &email));
    let display_name: String =
        account.display_name.as_deref().unwrap_or_default().trim().nfc().collect();
    note(display_name_flaw(&display_name));
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let name = if display_name.is_empty() { username.clone() } else { display_name };
    Ok(Fields { username, email, name, password })
}

/// How a username or e-mail address is looked up. Longer ones than can be are cut: they are nobody's.
pub(crate) fn normal_login(login: &str) -> String {
    let cut: String = login.trim().chars().take(EMAIL_CHARS + 1).collect();
    normal_email(&cut)
}

/// A password as it is hashed: the same characters give the same bytes on every keyboard.
pub(crate) fn normal_password(password: &str) -> String {
    password.nfc().collect()
}

/// Whether a password can be one at all; what can't is not hashed.
pub(crate) fn may_be_password(password: &str) -> bool {
    // NFC never makes four characters of one; the bound only saves work.
    password.len() <= PASSWORD_CHARS.1 * 16
}

/// What is wrong with a username in lower case.
pub(crate) fn username_flaw(username: &str) -> Option<Flaw> {
    let (least, most) = USERNAME_CHARS;
    if !(least..=most).contains(&username.chars().count()) {
        return Some(Flaw::UsernameLength);
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = username.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'))
        && username.starts_with(plain)
        && username.ends_with(plain);
    (!good).then_some(Flaw::UsernameCharacters)
}

/// What is wrong with a password.
pub(crate) fn password_flaw(password: &str, username: &str, email: &str) -> Option<Flaw> {
    let (least, most) = PASSWORD_CHARS;
    let length = password.chars().count();
    let folded = password.to_lowercase();
    let mailbox = email.split('@').next().unwrap_or_default();
    if length < least {
        Some(Flaw::PasswordShort)
    } else if length > most {
        Some(Flaw::PasswordLong)
    } else if [username, email, mailbox].contains(&folded.as_str()) {
        Some(Flaw::PasswordIsName)
    } else if is_common(&folded) {
        Some(Flaw::PasswordCommon)
    } else {
        None
    }
}

fn display_name_flaw(name: &str) -> Option<Flaw> {
    // Controls, and what turns the direction of the text around it.
    let odd =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.chars().count() > DISPLAY_NAME_CHARS {
        Some(Flaw::DisplayNameLength)
    } else if name.contains(odd) {
        Some(Flaw::DisplayNameCharacters)
    } else {
        None
    }
}

fn normal_email(email: &str) -> String {
    email.trim().nfc().collect::<String>().to_lowercase()
}

/// What can be an e-mail address. Only a message sent there would tell whether it is one.
fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let local_good = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && local.chars().all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
    let label_good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    email.len() <= EMAIL_CHARS
        && local_good
        && domain.contains('.')
        && domain.split('.').all(label_good)
}

#[cfg(test)]
mod tests {
    use kernel::Secret;

    use super::*;

    fn account(username: &str, email: &str, password: &str) -> NewAccount {
        NewAccount {
            username: username.to_owned(),
            email: email.to_owned(),
            password: Secret::new(password),
            display_name: None,
            locale: None,
        }
    }

    #[test]
    fn usernames_and_addresses_are_folded() {
        let fields = check(&account(" Ada.L ", " Ada@Example.ORG", "correct horse")).unwrap();
        assert_eq!(fields.username, "ada.l");
        assert_eq!(fields.email, "ada@example.org");
        assert_eq!(fields.name, "ada.l");
    }

    #[test]
    fn every_bad_field_is_named() {
        let flaws = check(&account("-x-", "nobody", "short")).unwrap_err();
        assert_eq!(flaws, [Flaw::UsernameCharacters, Flaw::EmailInvalid, Flaw::PasswordShort]);
        for name in ["ab", "ada lovelace", "ada@x", "_ada", "ada.", "ádá", "<b>x</b>"] {
            assert!(username_flaw(name).is_some(), "{name}");
        }
        for address in ["a@b", "a b@c.org", "a@c..org", "@c.org", "a@-c.org", "a@c.org,d@e.org"] {
            assert!(!is_email(address), "{address}");
        }
    }

    #[test]
    fn a_password_needs_length_and_nothing_else() {
        let flaw = |password: &str| password_flaw(password, "adalovelace", "ada.l@example.org");
        assert_eq!(flaw("1234567"), Some(Flaw::PasswordShort));
        assert_eq!(flaw("tangerine bicycle"), None);
        assert_eq!(flaw("ждём весну"), None);
        assert_eq!(flaw(&"long ".repeat(20)), None);
        assert_eq!(flaw(&"x y".repeat(86)), Some(Flaw::PasswordLong));
        assert_eq!(flaw("AdaLovelace"), Some(Flaw::PasswordIsName));
        assert_eq!(flaw("ada.l@example.org"), Some(Flaw::PasswordIsName));
        assert_eq!(flaw("password123"), Some(Flaw::PasswordCommon));
    }
}
