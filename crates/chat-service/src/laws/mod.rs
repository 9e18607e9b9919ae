//! The laws that every store must obey, each a function over [`Ground`], run on each store below.

mod access;
mod deleting;
mod limits;
mod model;
mod notices;
mod order;
mod random;
mod repetition;
mod replica;
pub(crate) mod support;

use support::Ground;

/// Runs every law on a store.
macro_rules! run_on {
    ($store:ident, $open:path, [$($module:ident :: $law:ident),* $(,)?]) => {
        mod $store {
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $law() {
                    $module::$law(Ground::new($open)).await;
                }
            )*
        }
    };
}

run_on!(
    sqlite,
    support::open_sqlite,
    [
        repetition::the_same_client_id_answers_the_same_message_for_ever,
        repetition::another_body_under_a_client_id_is_refused,
        repetition::of_64_racing_repetitions_one_posts,
        repetition::of_racing_direct_chats_one_is_made,
        repetition::what_changes_nothing_is_not_told,
        order::logs_are_dense_under_256_senders,
        order::every_page_has_its_neighbours,
        order::the_chat_list_pages_without_loss,
        order::events_come_in_runs_without_a_gap,
        limits::what_was_written_is_read_as_it_was_written,
        limits::a_message_carries_50_reactions,
        limits::reactions_keep_their_places,
        deleting::a_deleted_message_leaves_no_text_in_any_answer,
        deleting::the_newest_message_of_a_chat_is_one_that_is_left,
        deleting::threads_count_the_replies_that_are_left,
        access::a_private_chat_is_hidden_from_strangers_and_former_members,
        access::a_public_channel_shows_itself_and_nothing_inside,
        access::roles_decide_who_may_do_what,
        access::an_archived_chat_is_read_only,
        access::the_last_owner_stays_while_others_do,
        notices::each_person_hears_of_an_event_once_for_the_strongest_reason,
        notices::who_wants_no_notices_gets_none,
        notices::a_thread_tells_its_followers,
        random::random_operations_agree_with_a_naive_model,
    ]
);
