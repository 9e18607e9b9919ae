//! People: registering, profiles, search.

use kernel::{Secret, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// `POST /api/users/register`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Register {
    /// 3 to 64 of `a-z`, `0-9`, `.`, `_`, `-`, beginning and ending with a letter or digit; case
    /// is folded.
    #[schema(min_length = 3, max_length = 64, example = "ana")]
    pub username: String,
    /// An e-mail address of at most 254 characters.
    #[schema(max_length = 254, example = "ana@example.org")]
    pub email: String,
    /// 8 to 256 characters; no rule but that it is not a well-known one.
    #[schema(min_length = 8, max_length = 256)]
    pub password: Secret,
    /// The name that others see; the username when absent. At most 64 characters.
    #[schema(max_length = 64)]
    pub display_name: Option<String>,
}

/// The answer to a registration.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Registered {
    /// The new user.
    pub user: Profile,
}

/// `POST /api/users/login`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Login {
    /// Username or e-mail address.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// `POST /api/users/refresh` and `/logout`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct RefreshToken {
    /// The refresh token of the last token answer.
    pub refresh_token: Secret,
}

/// An OAuth 2 token answer (RFC 6749, section 5.1).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenAnswer {
    /// The access token, a JWT.
    pub access_token: String,
    /// The refresh token; good for one use.
    pub refresh_token: String,
    /// Seconds that the access token is good for.
    pub expires_in: u64,
    /// `Bearer`.
    pub token_type: String,
}

/// What a person says of what they are doing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// At most 100 characters.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub text: String,
    /// An emoji, or empty.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub emoji: String,
    /// When it ends; `null` when it does not.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// My own profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The person.
    pub id: UserId,
    /// The name to sign in and to be mentioned with.
    pub username: String,
    /// The e-mail address.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
    /// A few words about oneself.
    pub bio: String,
    /// Where the picture is, a path of this origin; `null` for initials.
    pub avatar_url: Option<String>,
    /// A BCP 47 tag such as `pt-BR`.
    pub locale: String,
    /// An IANA name such as `America/Sao_Paulo`.
    pub time_zone: String,
    /// What the person is doing.
    pub status: Status,
    /// `admin`, `member`.
    pub roles: Vec<String>,
    /// When the person registered.
    pub created_at: Timestamp,
}

/// `PUT /api/users/profile`: any subset.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct UpdateProfile {
    /// 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    pub display_name: Option<String>,
    /// At most 500 characters.
    #[schema(max_length = 500)]
    pub bio: Option<String>,
    /// A BCP 47 tag.
    pub locale: Option<String>,
    /// An IANA time zone.
    pub time_zone: Option<String>,
    /// What the person is doing.
    pub status: Option<Status>,
}

/// What others see of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The person.
    pub id: UserId,
    /// The name to be mentioned with.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// A few words about oneself.
    pub bio: String,
    /// Where the picture is; `null` for initials.
    pub avatar_url: Option<String>,
    /// What the person is doing; `null` when nothing is said.
    pub status: Option<Status>,
    /// The e-mail address, told to accepted connections only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When the person registered.
    pub created_at: Timestamp,
}

/// `GET /api/users/search`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchUsers {
    /// What the username or display name begins with, or nearly; 1 to 200 characters.
    #[param(min_length = 1, max_length = 200)]
    pub query: String,
    /// 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// `GET /api/users`.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsersById {
    /// Ids, separated by commas; at most 100.
    pub ids: String,
}

/// People by id; who is unknown is left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Users {
    /// The people.
    pub items: Vec<User>,
}
