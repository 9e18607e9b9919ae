//! Registering, and signing programs in.

use std::net::IpAddr;

use api::rest::users::{Login, Profile, Register};
use identity::{NewAccount, Tokens};
use kernel::Secret;

use super::{Users, limit, to_the_end};
use crate::{
    UserError,
    domain::{
        person::NewPerson,
        profile::{accepted_locale, display_name_or},
    },
};

impl Users {
    /// Creates an account at the identity provider, and the profile to it. Should the profile not
    /// be kept, it is made when the person first comes.
    pub(crate) async fn register(
        &self,
        asked: Register,
        peer: IpAddr,
        languages: Option<&str>,
    ) -> Result<Profile, UserError> {
        self.limit_peer(limit::REGISTER, peer)?;
        let locale = accepted_locale(languages);
        let users = self.clone();
        to_the_end(async move {
            let account = users
                .provider()
                .register(NewAccount {
                    username: asked.username,
                    email: asked.email,
                    password: asked.password,
                    display_name: asked.display_name,
                    locale: Some(locale.clone()),
                })
                .await?;
            users
                .keep(NewPerson {
                    id: account.id,
                    display_name: display_name_or(Some(&account.name), &account.username),
                    username: account.username,
                    email: account.email,
                    locale,
                    created_at: account.created_at,
                })
                .await?;
            let person = users.store().person(account.id).await?;
            let person = person.ok_or(UserError::UserNotFound)?;
            Ok(person.profile(account.roles, users.now()))
        })
        .await
    }

    /// Signs a program in.
    pub(crate) async fn login(&self, asked: Login, peer: IpAddr) -> Result<Tokens, UserError> {
        let granted =
            self.provider().password_grant(&asked.username, &asked.password, peer).await?;
        Ok(granted)
    }

    /// Trades a program's refresh token for new tokens.
    pub(crate) async fn refresh(&self, refresh_token: &Secret) -> Result<Tokens, UserError> {
        Ok(self.provider().refresh(refresh_token).await?)
    }

    /// Signs a program out. A session that is over, or never was, is no error: nobody learns from
    /// the answer which tokens there are.
    pub(crate) async fn logout(&self, refresh_token: &Secret) -> Result<(), UserError> {
        match self.provider().end_session(refresh_token).await {
            Err(error @ identity::GrantError::Unavailable(_)) => Err(error.into()),
            _ => Ok(()),
        }
    }
}
