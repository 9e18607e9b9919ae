use proptest::prelude::*;

use super::*;

fn found(typed: &str, username: &str, name: &str) -> Option<Rank> {
    let query = Query::new(typed).unwrap();
    rank(&query, &normalise(username), &normalise(name))
}

#[test]
fn accents_and_case_are_ignored() {
    assert_eq!(normalise("  JOSÉ  da  Silva "), "jose da silva");
    assert_eq!(normalise("ﬁancé"), "fiance");
    assert_eq!(normalise("Łukasz Ærø İstanbul Straße"), "lukasz æro istanbul strasse");
    assert_eq!(found("joão", "j1", "JOAO Pereira"), Some(Rank::Prefix));
    assert_eq!(found("JOAO", "j1", "João Pereira"), Some(Rank::Prefix));
}

#[test]
fn better_fits_come_first() {
    assert_eq!(found("ana", "ana", "x"), Some(Rank::Prefix));
    assert_eq!(found("sil", "x", "Ana Silva"), Some(Rank::WordPrefix));
    assert_eq!(found("silva ana", "x", "Ana Silva"), Some(Rank::WordPrefix));
    assert_eq!(found("ilv", "x", "Ana Silva"), Some(Rank::Within));
    assert_eq!(found("slva", "x", "Ana Silva"), Some(Rank::Typo));
    assert_eq!(found("bruno", "ana", "Ana Silva"), None);
    assert!(Rank::Prefix < Rank::WordPrefix && Rank::Within < Rank::Typo);
}

#[test]
fn one_letter_wrong_left_out_too_many_or_swapped_is_borne() {
    for typed in ["silca", "siva", "sillva", "sivla", "pereria", "pereyra", "perera"] {
        assert_eq!(found(typed, "x", "Silva Pereira"), Some(Rank::Typo), "{typed}");
    }
    for typed in ["xy", "soupa", "abcde", "zzzzzzz"] {
        assert_eq!(found(typed, "x1", "Silva Pereira"), None, "{typed}");
    }
}

#[test]
fn an_error_is_borne_in_what_is_only_begun() {
    assert_eq!(found("alexn", "x", "Alexandre"), Some(Rank::Typo));
    assert_eq!(found("alxe", "x", "Alexandre"), None);
}

#[test]
fn an_empty_or_endless_query_is_none() {
    assert_eq!(Query::new(""), None);
    assert_eq!(Query::new(" \u{301} @"), None);
    assert_eq!(Query::new(&"a".repeat(201)), None);
    assert!(Query::new(&"a".repeat(200)).is_some());
}

#[test]
fn an_at_sign_may_come_first() {
    assert_eq!(found("@ana", "ana.silva", ""), Some(Rank::Prefix));
}

#[test]
fn a_query_of_signs_finds_nobody() {
    let query = Query::new("%_'\"").unwrap();
    assert!(query.exact_grams().is_empty());
    assert_eq!(rank(&query, "ana", "ana"), None);
}

proptest! {
    /// A store asks by grams only: whoever is found without an error must have all exact grams,
    /// and whoever is found at all must have one of either kind.
    #[test]
    fn whoever_is_found_shares_the_grams(
        typed in "[a-zé ]{1,10}",
        username in "[a-z0-9]{1,3}[a-z._-]{0,8}",
        name in "[A-Za-zé ]{0,16}",
    ) {
        let Some(query) = Query::new(&typed) else { return Ok(()) };
        let (username, name) = (normalise(&username), normalise(&name));
        let theirs = grams(&username, &name);
        let exact = query.exact_grams();
        let fit = rank(&query, &username, &name);
        if matches!(fit, Some(Rank::Prefix | Rank::WordPrefix)) {
            prop_assert!(exact.iter().all(|gram| theirs.contains(gram)));
        }
    }

    #[test]
    fn no_query_breaks_the_ranking(typed in "\\PC{0,40}", name in "\\PC{0,40}") {
        if let Some(query) = Query::new(&typed) {
            let _ = rank(&query, &normalise(&name), &normalise(&name));
            let _ = (query.exact_grams(), query.near_grams());
        }
    }
}
