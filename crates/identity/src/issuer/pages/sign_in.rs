//! The sign-in page.

use super::{
    escape,
    layout::{Field, page, problem},
    texts::Texts,
};

/// Why signing in did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInProblem {
    WrongCredentials,
    TooMany,
    Unavailable,
}

/// What the page holds.
pub(crate) struct SignIn<'a> {
    pub(crate) texts: &'static Texts,
    /// Where the form goes.
    pub(crate) action: &'a str,
    /// The sealed authorization request.
    pub(crate) sealed: &'a str,
    /// What was typed, or the client's hint.
    pub(crate) login: &'a str,
    pub(crate) problem: Option<SignInProblem>,
    /// The sign-up page.
    pub(crate) sign_up: &'a str,
    /// This page in the other language.
    pub(crate) switch: (&'static Texts, &'a str),
}

/// The page.
pub(crate) fn sign_in(data: &SignIn<'_>) -> String {
    let texts = data.texts;
    let problem = data.problem.map_or_else(String::new, |what| {
        let text = match what {
            SignInProblem::WrongCredentials => texts.wrong_credentials,
            SignInProblem::TooMany => texts.too_many,
            SignInProblem::Unavailable => texts.unavailable,
        };
        problem(texts, &format!("<p>{}</p>", escape(text)))
    });
    let login = Field {
        name: "username",
        kind: "text",
        label: texts.login_label,
        optional: None,
        value: data.login,
        autocomplete: "username",
        hint: None,
        flaw: None,
        autofocus: data.login.is_empty(),
        attributes: r#" autocapitalize="none" spellcheck="false" maxlength="254""#,
    };
    let password = Field {
        name: "password",
        kind: "password",
        label: texts.password_label,
        optional: None,
        value: "",
        autocomplete: "current-password",
        hint: None,
        flaw: None,
        autofocus: !data.login.is_empty(),
        attributes: "",
    };
    let inside = format!(
        r#"<h1>{title}</h1>
<p class="lead">{lead}</p>
{problem}<form method="post" action="{action}" accept-charset="utf-8">
<input type="hidden" name="request" value="{sealed}">
{login}{password}<button type="submit">{button}</button>
</form>
<p class="other">{no_account} <a href="{sign_up}">{to_sign_up}</a></p>"#,
        title = escape(texts.sign_in_title),
        lead = escape(texts.sign_in_lead),
        action = escape(data.action),
        sealed = escape(data.sealed),
        login = login.html(),
        password = password.html(),
        button = escape(texts.sign_in_button),
        no_account = escape(texts.no_account),
        sign_up = escape(data.sign_up),
        to_sign_up = escape(texts.to_sign_up),
    );
    page(texts, texts.sign_in_title, Some(data.switch), &inside)
}
