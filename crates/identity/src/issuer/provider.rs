//! The embedded issuer as the provider of the services in this process: no HTTP between them.

use std::net::IpAddr;

use futures::future::BoxFuture;
use kernel::Secret;
use url::form_urlencoded::Serializer;

use super::{Embedded, grants::Presented};
use crate::{
    Account, AuthorizationRequest, CLI_CLIENT, CodeExchange, GrantError, NewAccount, Provider,
    RegisterError, Tokens, WEB_CLIENT,
};

/// What Thread's own clients ask for.
const SCOPE: &str = "openid profile email";

impl Provider for Embedded {
    fn register(&self, account: NewAccount) -> BoxFuture<'_, Result<Account, RegisterError>> {
        Box::pin(async move { Ok(self.create_account(&account).await?.account) })
    }

    fn password_grant<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret,
        peer: IpAddr,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            let granted = self.grant_password(login, password, peer, CLI_CLIENT, SCOPE).await?;
            Ok(granted.into())
        })
    }

    fn refresh<'a>(
        &'a self,
        refresh_token: &'a Secret,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            let granted = self.grant_refresh(refresh_token.reveal(), None).await?;
            Ok(granted.into())
        })
    }

    fn exchange_code<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<Tokens, GrantError>> {
        Box::pin(async move {
            let granted = self
                .grant_code(Presented {
                    code: exchange.code.reveal(),
                    verifier: exchange.code_verifier.reveal(),
                    redirect_uri: exchange.redirect_uri,
                    client_id: WEB_CLIENT,
                })
                .await?;
            Ok(granted.into())
        })
    }

    fn end_session<'a>(
        &'a self,
        refresh_token: &'a Secret,
    ) -> BoxFuture<'a, Result<(), GrantError>> {
        Box::pin(self.sign_out_token(refresh_token.reveal(), None))
    }

    fn authorization_url(&self, request: AuthorizationRequest<'_>) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", WEB_CLIENT)
            .append_pair("redirect_uri", request.redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", request.state)
            .append_pair("nonce", request.nonce)
            .append_pair("code_challenge", request.code_challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(prompt) = request.prompt {
            query.append_pair("prompt", prompt);
        }
        if let Some(ui_locales) = request.ui_locales {
            query.append_pair("ui_locales", ui_locales);
        }
        format!("{}/protocol/openid-connect/auth?{}", self.config.issuer_url, query.finish())
    }

    fn check(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            self.store.check().await.map_err(|error| format!("identity.db can't be read: {error}"))
        })
    }
}
