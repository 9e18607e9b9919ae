//! Finding people by nearly what they are called: accents and case ignored, typing errors borne.
//!
//! A store finds candidates by the groups of three letters ("grams") that a name and a query
//! share; [`rank`] alone decides who is found, and in which order. Any store gives the same answer.

use std::collections::BTreeSet;

use kernel::{UserId, limits::QUERY_CHARS};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Grams that one search asks for at most: more would find no one else.
const GRAMS: usize = 48;
/// Words of a query that are looked at.
const WORDS: usize = 8;

/// How well somebody fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Rank {
    /// The username or name begins with the query.
    Prefix,
    /// Each word of the query begins a word of theirs.
    WordPrefix,
    /// The query is within the username or name.
    Within,
    /// Each word of the query is nearly a word of theirs.
    Typo,
}

impl From<Rank> for u8 {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Prefix => 0,
            Rank::WordPrefix => 1,
            Rank::Within => 2,
            Rank::Typo => 3,
        }
    }
}

impl TryFrom<u8> for Rank {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        [Self::Prefix, Self::WordPrefix, Self::Within, Self::Typo]
            .into_iter()
            .find(|rank| u8::from(*rank) == number)
            .ok_or("no such rank")
    }
}

/// A place among what a search finds: best rank first, then by username.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place(pub Rank, pub String, pub UserId);

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    text: String,
    words: Vec<String>,
}

impl Query {
    /// The query that somebody typed; `None` when it is empty or longer than 200 characters.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        if typed.chars().count() > QUERY_CHARS {
            return None;
        }
        let text = normalise(typed).trim_start_matches(['@', ' ']).to_owned();
        if text.is_empty() {
            return None;
        }
        let words = words(&text).take(WORDS).map(str::to_owned).collect();
        Some(Self { text, words })
    }

    /// Grams that everybody has in whom the query is found as it is typed.
    #[must_use]
    pub fn exact_grams(&self) -> Vec<String> {
        let mut grams = BTreeSet::new();
        for word in &self.words {
            let letters: Vec<char> = word.chars().collect();
            match letters.as_slice() {
                [one] => drop(grams.insert(format!("  {one}"))),
                [one, two] => drop(grams.insert(format!(" {one}{two}"))),
                longer => grams.extend(longer.windows(3).map(String::from_iter)),
            }
        }
        grams.into_iter().take(GRAMS).collect()
    }

    /// Grams of which people have some in whom the query is found with typing errors; empty when
    /// it is too short for errors.
    #[must_use]
    pub fn near_grams(&self) -> Vec<String> {
        if !self.words.iter().any(|word| typos(word).is_some()) {
            return Vec::new();
        }
        let grams: BTreeSet<String> = self.words.iter().flat_map(|word| padded(word)).collect();
        grams.into_iter().take(GRAMS).collect()
    }
}

/// The form in which names and queries are compared: no accents, no case, single spaces.
#[must_use]
pub fn normalise(text: &str) -> String {
    let bare: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        // Lower case may bring marks of its own (İ).
        .filter(|c| !is_combining_mark(*c))
        .map(unstroked)
        .collect();
    bare.replace('ß', "ss").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters that carry a stroke rather than a mark.
const fn unstroked(c: char) -> char {
    match c {
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        'ŧ' => 't',
        other => other,
    }
}

/// The grams under which a store keeps somebody; both keys are [`normalise`]d.
#[must_use]
pub fn grams(username_key: &str, name_key: &str) -> BTreeSet<String> {
    words(username_key).chain(words(name_key)).flat_map(padded).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The grams of a word with two spaces before and one after: beginnings count more than ends.
fn padded(word: &str) -> Vec<String> {
    let letters: Vec<char> = "  ".chars().chain(word.chars()).chain([' ']).collect();
    letters.windows(3).map(String::from_iter).collect()
}

/// How well somebody fits the query; `None` when not at all.
#[must_use]
pub fn rank(query: &Query, username_key: &str, name_key: &str) -> Option<Rank> {
    let keys = [username_key, name_key];
    let each = |fits: &dyn Fn(&str, &str) -> bool| {
        !query.words.is_empty()
            && query.words.iter().all(|asked| {
                let mut theirs = words(username_key).chain(words(name_key));
                theirs.any(|word| fits(asked, word))
            })
    };
    let begins = |asked: &str, word: &str| word.starts_with(asked);
    let nearly = |asked: &str, word: &str| word.contains(asked) || is_nearly(asked, word);
    if keys.iter().any(|key| key.starts_with(&query.text)) {
        Some(Rank::Prefix)
    } else if each(&begins) {
        Some(Rank::WordPrefix)
    } else if keys.iter().any(|key| key.contains(&query.text)) {
        Some(Rank::Within)
    } else if each(&nearly) {
        Some(Rank::Typo)
    } else {
        None
    }
}

/// How many errors a word of that length may hold, and whether it may be the beginning of a
/// longer one; `None` when it is too short for any.
fn typos(asked: &str) -> Option<(usize, bool)> {
    match asked.chars().count() {
        0..=2 => None,
        3..=4 => Some((1, false)),
        5..=6 => Some((1, true)),
        _ => Some((2, true)),
    }
}

fn is_nearly(asked: &str, word: &str) -> bool {
    let Some((errors, may_go_on)) = typos(asked) else {
        return false;
    };
    let asked: Vec<char> = asked.chars().collect();
    let word: Vec<char> = word.chars().collect();
    if asked.len() > word.len() + errors {
        return false;
    }
    let distances = distances(&asked, &word);
    let longest = distances.len() - 1;
    let first = if may_go_on { asked.len().min(longest) } else { longest };
    distances.iter().skip(first).any(|distance| *distance <= errors)
}

/// Letters to be put in, left out, changed or swapped to turn `a` into each beginning of `b`
/// (optimal string alignment).
fn distances(a: &[char], b: &[char]) -> Vec<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, other) in b.iter().enumerate() {
            let changed = last[j] + usize::from(letter != other);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *other && b[j - 1] == *letter {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last
}

#[cfg(test)]
mod tests;
