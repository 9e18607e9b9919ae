//! Passwords that everybody guesses first.
//!
//! `common_passwords.txt` holds the words that most of the commonest passwords are made of. A
//! password is common when it is such a word with at most four digits or signs after it, the word
//! with letters written as digits, a walk over the keyboard, or a short piece said again and again.

use std::{collections::HashSet, sync::LazyLock};

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").split_whitespace().collect());

/// Ways over the keyboard and the alphabet; any part of one, forwards or backwards, is common.
const WALKS: [&str; 8] = [
    "012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;zxcvbnm,./",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "q1w2e3r4t5y6u7i8o9p0",
];

/// Digits and signs that may follow a word without making it better.
const TAIL: usize = 4;

/// Whether a password in lower case is one of the commonest.
pub(super) fn is_common(password: &str) -> bool {
    is_walk(password) || repeats(password) || is_word(password) || is_word(&plain(password))
}

fn is_word(password: &str) -> bool {
    let mut word = password;
    for _ in 0..=TAIL {
        if WORDS.contains(word) {
            return true;
        }
        match word.char_indices().next_back() {
            Some((at, last)) if !last.is_alphabetic() => word = &word[..at],
            _ => return false,
        }
    }
    false
}

/// Letters for the digits and signs that stand for them. A digit at the end stays one: there it is
/// a tail.
fn plain(password: &str) -> String {
    let word = password.trim_end_matches(|c: char| !c.is_alphabetic());
    let tail = &password[word.len()..];
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        _ => c,
    };
    word.chars().map(letter).chain(tail.chars()).collect()
}

fn is_walk(password: &str) -> bool {
    let back: String = password.chars().rev().collect();
    WALKS.iter().any(|walk| walk.contains(password) || walk.contains(&back))
}

/// A piece of at most three characters over and over, the last time perhaps cut off.
fn repeats(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    (1..=3).any(|piece| {
        chars.len() > piece && chars.iter().zip(chars.iter().skip(piece)).all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_passwords_are_known() {
        for password in [
            "password",
            "password1",
            "password123",
            "p@ssw0rd",
            "passw0rd!",
            "12345678",
            "123456789",
            "1234567890",
            "87654321",
            "qwertyuiop",
            "qwerty123",
            "qwerty12",
            "1q2w3e4r",
            "1qaz2wsx",
            "iloveyou",
            "iloveyou1",
            "princess",
            "sunshine1",
            "football",
            "baseball",
            "superman",
            "trustno1",
            "11111111",
            "00000000",
            "123123123",
            "asdfghjkl",
            "abcd1234",
            "letmein1",
            "welcome1",
            "whatever",
            "starwars",
            "michelle",
            "jennifer",
            "computer",
            "corvette",
            "dragon123",
            "monkey123",
            "admin123",
            "admin1234",
            "senha123",
            "flamengo",
            "corinthians",
            "changeme",
            "abcdefgh",
            "q1w2e3r4",
            "zxcvbnm,",
            "1234qwer",
            "aa123456",
            "a1b2c3d4",
            "pokemon1",
            "charlie1",
            "liverpool",
            "internet",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn others_are_not() {
        for password in [
            "correct horse",
            "tangerine",
            "grünkohl",
            "dragonflies",
            "password-less",
            "98127364",
            "kitchen sink",
            "8f3kq0zt",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }
}
