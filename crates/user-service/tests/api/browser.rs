//! A browser: cookies, redirects, and the issuer's form.

use std::collections::BTreeMap;

use http::{StatusCode, header};
use url::Url;

use crate::world::{Answer, Call, PASSWORD, World};

/// A browser. It keeps cookies as they are set, by path and name.
pub(crate) struct Browser<'a> {
    world: &'a World,
    pub(crate) cookies: BTreeMap<(String, String), String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    pub(crate) fn session_cookie(&self) -> Option<&String> {
        self.cookies.get(&("/".to_owned(), "thread_session".to_owned()))
    }

    pub(crate) async fn send(&mut self, call: Call<'a>, path: &str) -> Answer {
        let sent: Vec<String> = self
            .cookies
            .iter()
            .filter(|((of, _), _)| path.starts_with(of.as_str()))
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let call = if sent.is_empty() { call } else { call.header("cookie", &sent.join("; ")) };
        let answer = call.header("user-agent", "Browser/1.0 (Test)").send().await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, set: &str) {
        let mut parts = set.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut path = "/".to_owned();
        let mut gone = false;
        for attribute in parts {
            match attribute.split_once('=') {
                Some(("Path", of)) => path = of.to_owned(),
                Some(("Max-Age", "0")) => gone = true,
                _ => {}
            }
        }
        let key = (path, name.to_owned());
        if gone {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(self.world.get(path), path).await
    }

    /// Starts to sign in; answers where the browser is sent.
    pub(crate) async fn start(&mut self, query: &str) -> Url {
        let answer = self.get(&format!("/api/users/session/start{query}")).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
        Url::parse(answer.header("location")).unwrap()
    }

    /// Goes through the issuer's pages as that person; answers the address of the callback.
    pub(crate) async fn consent(&mut self, leave: &Url, username: &str) -> String {
        let page = self.get(&path_of(leave)).await;
        if page.status.is_redirection() {
            // Signed in there already.
            return path_of(&Url::parse(page.header("location")).unwrap());
        }
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let html = page.text();
        let action = attribute(&html, "action=\"");
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("request", &attribute(&html, "name=\"request\" value=\""))
            .append_pair("username", username)
            .append_pair("password", PASSWORD)
            .finish();
        self.submit(&action, form).await
    }

    /// Sends one of the issuer's forms; answers the address of the callback.
    pub(crate) async fn submit(&mut self, action: &str, form: String) -> String {
        let base = Url::parse(crate::world::ORIGIN).unwrap();
        let path = path_of(&base.join(action).unwrap());
        let call = self
            .world
            .post(&path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", crate::world::ORIGIN)
            .raw(form);
        let answer = self.send(call, &path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        path_of(&Url::parse(answer.header("location")).unwrap())
    }

    /// Signs in from beginning to end; answers where the browser ends up.
    pub(crate) async fn sign_in(&mut self, username: &str, return_to: &str) -> String {
        let leave = self.start(&format!("?return_to={return_to}")).await;
        let back = self.consent(&leave, username).await;
        let answer = self.get(&back).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
        answer.header("location").to_owned()
    }

    /// Asks for an access token, as a page of this origin does.
    pub(crate) async fn token(&mut self) -> Answer {
        let path = "/api/users/session/token";
        let call = self.world.post(path).header("origin", crate::world::ORIGIN);
        self.send(call, path).await
    }

    pub(crate) async fn access_token(&mut self) -> String {
        let answer = self.token().await.value(StatusCode::OK);
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn path_of(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

/// The value of the first attribute that begins so.
pub(crate) fn attribute(html: &str, begins: &str) -> String {
    let rest = html.split(begins).nth(1).unwrap_or_else(|| panic!("no {begins} in {html}"));
    rest.split('"').next().unwrap().replace("&amp;", "&")
}
