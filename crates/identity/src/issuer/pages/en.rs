//! English.

use super::texts::{Language, Texts};

pub(crate) const TEXTS: Texts = Texts {
    language: Language::En,
    name: "English",

    sign_in_title: "Sign in",
    sign_in_lead: "Welcome back. Your conversations are waiting.",
    sign_in_button: "Sign in",
    login_label: "Username or e-mail",
    password_label: "Password",
    no_account: "New here?",
    to_sign_up: "Create an account",

    sign_up_title: "Create your account",
    sign_up_lead: "A name, an address and a good password. That is all.",
    sign_up_button: "Create account",
    display_name_label: "Your name",
    optional: "optional",
    username_label: "Username",
    username_hint: "3 to 64 characters: letters, digits, dots, dashes and underscores.",
    email_label: "E-mail",
    password_hint: "At least 8 characters. A few unrelated words make a good one.",
    have_account: "Already have an account?",
    to_sign_in: "Sign in",

    sign_out_title: "Sign out",
    sign_out_lead: "Do you want to sign out of Thread in this browser?",
    sign_out_button: "Sign out",
    signed_out_title: "You are signed out",
    signed_out_lead: "See you soon.",
    to_app: "Go to Thread",

    problem: "There is a problem",
    wrong_credentials: "The username or password is wrong.",
    too_many: "Too many attempts. Wait a moment and try again.",
    unavailable: "Something is not working on our side. Try again in a moment.",
    expired_title: "This page has expired",
    expired: "It was open for too long, or the browser did not keep its cookie.",
    start_again: "Start again",
    refused_title: "This sign-in can't continue",
    unknown_client: "The application that sent you here is not known.",
    unknown_redirect: "The address that you would be sent back to is not known for this \
                       application.",
    unreadable: "The link that brought you here can't be read.",

    username_length: "must have 3 to 64 characters",
    username_characters: "may hold the letters a to z, digits, dots, dashes and underscores, and \
                          begins and ends with a letter or digit",
    username_taken: "is taken",
    email_invalid: "is not an e-mail address",
    email_taken: "belongs to an account already",
    password_short: "must have at least 8 characters",
    password_long: "must have at most 256 characters",
    password_common: "is one of the most common passwords; choose another",
    password_is_name: "must not be your username or e-mail address",
    display_name_length: "must have at most 64 characters",
    display_name_characters: "holds characters that can't be shown",
};
