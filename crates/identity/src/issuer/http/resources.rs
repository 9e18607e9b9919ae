//! The pages' style sheet.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::header;

use crate::issuer::pages::{STYLE, style_version};

/// The style sheet. Its present version never changes, so it may be kept; any other is answered
/// with the present one, for pages that were open while the program was renewed.
pub(super) async fn style(Path(version): Path<String>) -> Response {
    let cache =
        if version == style_version() { "public, max-age=31536000, immutable" } else { "no-store" };
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, cache),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        STYLE,
    )
        .into_response()
}
