//! The sign-up page.

use super::{
    escape,
    layout::{Field, page, problem},
    texts::Texts,
};
use crate::issuer::rules::Flaw;

/// Why no account was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignUpProblem {
    Flaws(Vec<Flaw>),
    TooMany,
    Unavailable,
}

/// What the page holds.
pub(crate) struct SignUp<'a> {
    pub(crate) texts: &'static Texts,
    /// Where the form goes.
    pub(crate) action: &'a str,
    /// The sealed authorization request.
    pub(crate) sealed: &'a str,
    pub(crate) display_name: &'a str,
    pub(crate) username: &'a str,
    pub(crate) email: &'a str,
    pub(crate) problem: Option<SignUpProblem>,
    /// The sign-in page.
    pub(crate) sign_in: &'a str,
    /// This page in the other language.
    pub(crate) switch: (&'static Texts, &'a str),
}

/// The page. A password that was typed is not sent back.
pub(crate) fn sign_up(data: &SignUp<'_>) -> String {
    let texts = data.texts;
    let inside = format!(
        r#"<h1>{title}</h1>
<p class="lead">{lead}</p>
{problem}<form method="post" action="{action}" accept-charset="utf-8">
<input type="hidden" name="request" value="{sealed}">
{fields}<button type="submit">{button}</button>
</form>
<p class="other">{have_account} <a href="{sign_in}">{to_sign_in}</a></p>"#,
        title = escape(texts.sign_up_title),
        lead = escape(texts.sign_up_lead),
        problem = summary(data),
        action = escape(data.action),
        sealed = escape(data.sealed),
        fields = fields(data),
        button = escape(texts.sign_up_button),
        have_account = escape(texts.have_account),
        sign_in = escape(data.sign_in),
        to_sign_in = escape(texts.to_sign_in),
    );
    page(texts, texts.sign_up_title, Some(data.switch), &inside)
}

fn summary(data: &SignUp<'_>) -> String {
    let texts = data.texts;
    let sentence = |text: &str| problem(texts, &format!("<p>{}</p>", escape(text)));
    match &data.problem {
        None => String::new(),
        Some(SignUpProblem::TooMany) => sentence(texts.too_many),
        Some(SignUpProblem::Unavailable) => sentence(texts.unavailable),
        Some(SignUpProblem::Flaws(flaws)) => {
            let items: String = flaws
                .iter()
                .map(|flaw| {
                    format!(
                        r##"<li><a href="#{field}">{label} {text}</a></li>"##,
                        field = flaw.field(),
                        label = escape(label(texts, *flaw)),
                        text = escape(texts.flaw(*flaw)),
                    )
                })
                .collect();
            problem(texts, &format!("<ul>{items}</ul>"))
        }
    }
}

fn label(texts: &Texts, flaw: Flaw) -> &'static str {
    match flaw.field() {
        "username" => texts.username_label,
        "email" => texts.email_label,
        "password" => texts.password_label,
        _ => texts.display_name_label,
    }
}

fn fields(data: &SignUp<'_>) -> String {
    let texts = data.texts;
    let flaw = |field: &str| match &data.problem {
        Some(SignUpProblem::Flaws(flaws)) => {
            flaws.iter().find(|flaw| flaw.field() == field).map(|flaw| texts.flaw(*flaw))
        }
        _ => None,
    };
    [
        Field {
            name: "display_name",
            kind: "text",
            label: texts.display_name_label,
            optional: Some(texts.optional),
            value: data.display_name,
            autocomplete: "name",
            hint: None,
            flaw: flaw("display_name"),
            autofocus: data.problem.is_none(),
            attributes: r#" maxlength="64""#,
        },
        Field {
            name: "username",
            kind: "text",
            label: texts.username_label,
            optional: None,
            value: data.username,
            autocomplete: "username",
            hint: Some(texts.username_hint),
            flaw: flaw("username"),
            autofocus: false,
            attributes: r#" autocapitalize="none" spellcheck="false" minlength="3" maxlength="64""#,
        },
        Field {
            name: "email",
            kind: "email",
            label: texts.email_label,
            optional: None,
            value: data.email,
            autocomplete: "email",
            hint: None,
            flaw: flaw("email"),
            autofocus: false,
            attributes: r#" maxlength="254""#,
        },
        Field {
            name: "password",
            kind: "password",
            label: texts.password_label,
            optional: None,
            value: "",
            autocomplete: "new-password",
            hint: Some(texts.password_hint),
            flaw: flaw("password"),
            autofocus: false,
            // No maxlength: a longer one would be cut without a word.
            attributes: r#" minlength="8""#,
        },
    ]
    .iter()
    .map(Field::html)
    .collect()
}
