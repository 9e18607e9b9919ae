//! `/socket.io` and the AsyncAPI document.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use http::{HeaderValue, header};
use kit::http::Peer;
use socketio::Server;
use utoipa_axum::router::OpenApiRouter;

use crate::{asyncapi, gateway::Gateway};

pub(crate) fn routes(server: Server<Gateway>) -> OpenApiRouter {
    let socket = move |request: Request| {
        let server = server.clone();
        async move { answer(&server, request).await }
    };
    let router = Router::new()
        .route("/socket.io/", any(socket.clone()))
        .route("/socket.io", any(socket))
        .route("/asyncapi.yaml", get(document))
        .route("/asyncapi.css", get(style))
        .route("/asyncapi", get(page));
    OpenApiRouter::from(router)
}

async fn answer(server: &Server<Gateway>, request: Request) -> Response {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let peer = request.extensions().get::<Peer>().map_or(unknown, |peer| peer.0);
    server.handle(request, peer).await.map(Body::new)
}

async fn document() -> Response {
    let yaml = HeaderValue::from_static("application/yaml; charset=utf-8");
    ([(header::CONTENT_TYPE, yaml)], asyncapi::yaml()).into_response()
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css"))], asyncapi::CSS).into_response()
}

async fn page() -> Response {
    let policy =
        HeaderValue::from_static("default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(asyncapi::page())).into_response()
}
