//! The pages that people see: plain HTML without scripts, in two languages.
//!
//! Everything that is put into a page goes through [`escape`]; the style is a file of its own, so
//! that the content security policy needs no exception.

pub(crate) mod en;
mod layout;
mod message;
mod pt_br;
mod sign_in;
mod sign_up;
pub(crate) mod texts;

pub(crate) use layout::{STYLE, escape, style_version};
pub(crate) use message::{Message, confirm_sign_out, message};
pub(crate) use sign_in::{SignIn, SignInProblem, sign_in};
pub(crate) use sign_up::{SignUp, SignUpProblem, sign_up};
