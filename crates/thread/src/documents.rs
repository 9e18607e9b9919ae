//! The OpenAPI documents, and the pages that show them.

use std::sync::Arc;

use axum::{
    Router,
    response::{Html, Response},
    routing::get,
};
use http::{HeaderValue, header};
use kit::http::Json;
use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// A document with what all documents say.
pub(crate) fn document(title: &str, described: OpenApi) -> OpenApi {
    let license = LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build();
    let info = InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(license))
        .build();
    let mut document = OpenApiBuilder::from(described).info(info).build();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of the identity provider"))
        .build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer_auth", SecurityScheme::Http(bearer));
    document
}

/// The document of all services, as JSON.
pub(crate) fn openapi_json() -> String {
    let mut all = user_service::routes_description();
    all.merge(chat_service::routes_description());
    all.merge(identity::routes_description());
    let document = document("Thread", all);
    document.to_pretty_json().unwrap_or_default()
}

/// Swagger UI at `path`, its files under `path/ui/`, the document at `path/openapi.json`.
pub(crate) fn pages(path: &'static str, document: OpenApi) -> Router {
    let url = format!("{path}/openapi.json");
    let config = Config::new([url.clone()]).try_it_out_enabled(true);
    let page = page(path, config.clone());
    let files: Router = SwaggerUi::new(format!("{path}/ui")).config(config).into();
    let policy = axum::middleware::map_response(|mut response: Response| async move {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
        response
    });
    Router::new()
        .merge(files)
        .route(path, get(move || async move { Html(page) }))
        .layer(policy)
        .route(&url, get(move || async move { Json(document) }))
}

/// Swagger UI's styles are in its elements; all else of it is files of this origin.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
     frame-ancestors 'none'",
);

/// Swagger UI's own page, told where its files are.
fn page(path: &str, config: Config<'static>) -> String {
    let config = Arc::new(config);
    let file = utoipa_swagger_ui::serve("index.html", config).ok().flatten();
    let html = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    html.unwrap_or_default().replacen("<head>", &format!("<head><base href=\"{path}/ui/\">"), 1)
}
