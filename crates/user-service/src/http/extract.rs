//! Who calls, and from where.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
};

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit::http::{Caller, Failure, Peer};

use crate::Users;

/// The caller, by a good access token, who has a profile from now on.
pub(super) struct Me(pub(super) Caller);

impl FromRequestParts<Users> for Me {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, users: &Users) -> Result<Self, Failure> {
        let caller = Caller::from_request_parts(parts, users).await?;
        users.meet(&caller).await?;
        Ok(Self(caller))
    }
}

/// The other end of the connection. Where no server noted it, all share one.
pub(super) struct From(pub(super) IpAddr);

impl FromRequestParts<Users> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Users) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>();
        Ok(Self(peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)))
    }
}
