//! An independent relying party (the `openidconnect` crate) signs in against the running issuer.

use crate::support::{Browser, CALLBACK, ISSUER, PASSWORD, World};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
    core::{CoreClient, CoreResponseType, CoreUserInfoClaims},
};
use url::Url;

async fn fetch(mut browser: Browser, request: HttpRequest) -> Result<HttpResponse, std::io::Error> {
    let url = Url::parse(&request.uri().to_string()).unwrap();
    let headers: Vec<(&str, &str)> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let body = String::from_utf8(request.body().clone()).unwrap();
    let method = request.method().as_str();
    let reply = browser.send(method, &path_of(&url), &headers, body).await;
    let mut response = HttpResponse::new(reply.body.into_bytes());
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    Ok(response)
}

fn path_of(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

#[tokio::test]
async fn a_relying_party_signs_in_renews_and_signs_out() {
    let world = World::start().await;
    let account = world.add("ada").await;
    let browser = world.browser();
    let http = |request| fetch(browser.clone(), request);

    let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
    let metadata = ProviderMetadataWithLogout::discover_async(issuer, &http).await.unwrap();
    let logout = metadata.additional_metadata().end_session_endpoint.clone().unwrap();
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new("thread-web".to_owned()), None)
            .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let mut person = world.browser();
    let back = person.sign_in(&path_of(&url), "ada", PASSWORD).await;
    assert_eq!(back.parameter("state").as_ref(), Some(state.secret()));
    assert_eq!(back.parameter("iss").as_deref(), Some(ISSUER));

    let tokens = client
        .exchange_code(AuthorizationCode::new(back.code()))
        .unwrap()
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await
        .unwrap();
    let id_token = tokens.id_token().unwrap().clone();
    let id_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_verifier, &nonce).unwrap();
    assert_eq!(claims.subject().as_str(), account.id.to_string());
    assert_eq!(claims.email().unwrap().as_str(), "ada@example.org");
    assert!(id_token.claims(&id_verifier, &Nonce::new("other".to_owned())).is_err());
    let at_hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().unwrap(),
        id_token.signing_key(&id_verifier).unwrap(),
    )
    .unwrap();
    assert_eq!(claims.access_token_hash(), Some(&at_hash));

    let info: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    assert_eq!(info.preferred_username().unwrap().as_str(), "ada");

    let renewed = client
        .exchange_refresh_token(tokens.refresh_token().unwrap())
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    let claims = renewed.id_token().unwrap().claims(&id_verifier, |_: Option<&Nonce>| Ok(()));
    assert_eq!(claims.unwrap().subject().as_str(), account.id.to_string());

    let leave = LogoutRequest::from(logout)
        .set_id_token_hint(&id_token)
        .set_post_logout_redirect_uri(
            PostLogoutRedirectUrl::new("http://thread.test/".to_owned()).unwrap(),
        )
        .http_get_url();
    let left = person.get(&path_of(&leave)).await;
    assert_eq!(left.status, 302);
    assert_eq!(left.header("location"), "http://thread.test/");
    let refused = client
        .exchange_refresh_token(renewed.refresh_token().unwrap())
        .unwrap()
        .request_async(&http)
        .await;
    assert!(refused.is_err(), "the session is over");
    let page = person.get(&path_of(&url)).await;
    assert_eq!(page.status, 200, "the browser is asked for its password again");
}
