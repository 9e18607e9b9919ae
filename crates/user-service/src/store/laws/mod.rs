//! What every store must do. A store's tests call [`every_law`] with how to open an empty one.

pub(crate) mod connections;
pub(crate) mod logins;
pub(crate) mod model;
pub(crate) mod notifications;
pub(crate) mod people;
pub(crate) mod search;

use kernel::{Limit, Timestamp, UserId};
use uuid::Uuid;

use super::Store;
use crate::domain::person::NewPerson;

/// Makes a test of each law, for the store that `$open` opens: it answers the store and what must
/// live as long.
macro_rules! every_law {
    ($open:path) => {
        $crate::store::laws::every_law! { $open =>
            people {
                who_is_kept_is_found,
                keeping_again_changes_nothing,
                the_providers_word_on_names_wins,
                a_username_has_one_holder,
                racing_first_visits_make_one_person,
                a_change_leaves_the_rest,
                a_change_of_nobody_is_none,
                unicode_comes_back_as_it_went,
                people_come_in_the_order_asked,
            }
            search {
                accents_case_and_typing_errors_are_borne,
                the_better_fit_comes_first,
                pages_join_without_gap_under_ties,
                who_blocked_me_is_not_found,
                a_new_name_is_found_and_the_old_no_more,
            }
            connections {
                asking_is_told_to_the_other_side,
                crossing_requests_end_in_one_connection,
                asking_twice_is_refused,
                only_the_asked_one_answers_once,
                no_removes_it_and_leaves_no_notice,
                either_side_ends_it,
                strangers_are_refused,
                who_is_blocked_cannot_ask,
                blocking_ends_what_connects,
                blocks_are_listed_latest_first,
                pages_of_connections_join,
                racing_answers_accept_once,
            }
            notifications {
                the_same_event_tells_once,
                racing_repetitions_keep_one,
                newest_come_first_in_pages,
                reading_counts_down,
                what_others_have_is_not_read,
                reading_a_chat_reads_what_was_told_of_it,
                who_is_blocked_is_not_heard,
                a_notice_of_somebody_unknown_is_kept,
                a_batch_is_told_with_its_counts,
            }
            logins {
                a_sign_in_is_taken_once_by_its_browser,
                an_old_sign_in_is_not_taken,
                a_device_is_found_by_its_cookie,
                a_new_sign_in_replaces_the_browsers_old_one,
                a_device_is_ended_by_its_owner_only,
                a_session_that_is_over_ends_its_devices,
                an_ended_device_is_not_renewed,
                unused_devices_are_forgotten,
            }
            model {
                random_steps_agree_with_the_model,
            }
        }
    };
    ($open:path => $($module:ident { $($law:ident,)* })*) => {
        $(
            mod $module {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $law() {
                        let (store, _keep) = $open();
                        $crate::store::laws::$module::$law(&store).await;
                    }
                )*
            }
        )*
    };
}
pub(crate) use every_law;

/// An id of that number.
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

/// That many milliseconds after the beginning.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

pub(crate) fn limit(most: u32) -> Limit {
    Limit::new(Some(most)).unwrap()
}

pub(crate) fn new_person(number: u128, username: &str, name: &str) -> NewPerson {
    NewPerson {
        id: id(number),
        username: username.to_owned(),
        email: format!("{username}@example.org"),
        display_name: name.to_owned(),
        locale: "en".to_owned(),
        created_at: at(0),
    }
}

/// People 1 to `count`, called p1, p2 ….
pub(crate) async fn people(store: &impl Store, count: u128) -> Vec<UserId> {
    for number in 1..=count {
        let username = format!("p{number}");
        let person = new_person(number, &username, &username.to_uppercase());
        assert!(store.keep_person(person).await.unwrap());
    }
    (1..=count).map(id).collect()
}
