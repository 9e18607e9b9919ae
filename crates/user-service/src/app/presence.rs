//! Who is there.

use api::rest::presence::Presence;
use kernel::UserId;
use kit::presence::Seen;

use super::Users;
use crate::UserError;

impl Users {
    /// The presence of these people, as far as the caller may know it: who has blocked them is
    /// never there. Who is unknown is left out.
    pub(crate) async fn presence_of(
        &self,
        me: UserId,
        ids: Vec<UserId>,
    ) -> Result<Vec<Presence>, UserError> {
        let people = self.store().sightings(me, ids).await?;
        let ids: Vec<UserId> = people.iter().map(|seen| seen.person.id).collect();
        let there = self.0.presence.of(&ids).await;
        let now = self.now();
        let presence = people.into_iter().zip(there).map(|(person, there)| {
            let there = if person.blocked_viewer { Seen::default() } else { there };
            Presence {
                user_id: person.person.id,
                state: there.state,
                last_seen_at: there.last_seen_at,
                status: person.status(now),
            }
        });
        Ok(presence.collect())
    }
}
