//! Cross-site requests. CORS alone does not protect a WebSocket, so the origin is checked here, on
//! both transports, before anything else is looked at.

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};

use super::{Answer, text};

/// Whose pages may use the endpoint. A request without `Origin` is not a browser's cross-site
/// request (native clients send none) and is allowed by each of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every page, `null` included. For endpoints without secrets, and for tests.
    Any,
    /// Pages of the host that is asked (`Host`, its port included). With a list, that host must be
    /// one of the list too (`chat.example`, `localhost:8080`), which stops DNS rebinding; an empty
    /// list takes any.
    SameHost(Vec<String>),
    /// Pages of these origins exactly (`https://chat.example`, `http://localhost:5173`).
    List(Vec<String>),
    /// Pages of the host that is asked, and of these origins exactly.
    SameHostOr(Vec<String>),
}

/// The outcome for one request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No `Origin`: nothing to allow, no CORS headers to send.
    NoOrigin,
    /// Allowed; `credentials` tells whether cookies may be seen too.
    Allowed {
        origin: HeaderValue,
        credentials: bool,
    },
    Refused,
}

impl Origins {
    pub(crate) fn judge(&self, headers: &HeaderMap, uri: &Uri) -> Verdict {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let Some(value) = origins.next() else { return Verdict::NoOrigin };
        if origins.next().is_some() {
            return Verdict::Refused;
        }
        if *self == Self::Any {
            return Verdict::Allowed { origin: HeaderValue::from_static("*"), credentials: false };
        }
        let allowed = value.to_str().ok().is_some_and(|origin| self.allows(origin, headers, uri));
        if allowed {
            Verdict::Allowed { origin: value.clone(), credentials: true }
        } else {
            Verdict::Refused
        }
    }

    fn allows(&self, origin: &str, headers: &HeaderMap, uri: &Uri) -> bool {
        match self {
            Self::Any => true,
            Self::List(list) => is_listed(origin, list),
            Self::SameHost(hosts) => is_same_host(origin, hosts, headers, uri),
            Self::SameHostOr(list) => {
                is_listed(origin, list) || is_same_host(origin, &[], headers, uri)
            }
        }
    }
}

fn is_listed(origin: &str, list: &[String]) -> bool {
    let Some(origin) = split_origin(origin) else { return false };
    list.iter().any(|entry| split_origin(entry.trim_end_matches('/')).as_ref() == Some(&origin))
}

fn is_same_host(origin: &str, hosts: &[String], headers: &HeaderMap, uri: &Uri) -> bool {
    let Some((scheme, authority)) = split_origin(origin) else { return false };
    if scheme != "http" && scheme != "https" {
        return false;
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| uri.authority().map(|authority| authority.as_str()));
    let Some(host) = host.map(|host| without_default_port(&scheme, host)) else { return false };
    host == authority
        && (hosts.is_empty()
            || hosts.iter().any(|entry| without_default_port(&scheme, entry) == host))
}

/// Scheme and authority in lower case, the scheme's own port left out. `None` for `null` and for
/// anything that is more or less than an origin.
fn split_origin(origin: &str) -> Option<(String, String)> {
    let (scheme, authority) = origin.split_once("://")?;
    let well_formed = !scheme.is_empty()
        && !authority.is_empty()
        && !authority.contains(['/', '@', '?', '#', '\\', ' ', ',']);
    if !well_formed {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let authority = without_default_port(&scheme, authority);
    Some((scheme, authority))
}

fn without_default_port(scheme: &str, authority: &str) -> String {
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    let lower = authority.to_ascii_lowercase();
    match lower.strip_suffix(port) {
        Some(host) if !port.is_empty() => host.to_owned(),
        _ => lower,
    }
}

impl Verdict {
    /// Adds what a browser needs to let the page read the answer.
    pub(crate) fn decorate(self, mut answer: Answer) -> Answer {
        if let Self::Allowed { origin, credentials } = self {
            let headers = answer.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            if credentials {
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
                headers.insert(header::VARY, HeaderValue::from_static("Origin"));
            }
        }
        answer
    }
}

/// The answer to a preflight request; the origin's verdict is added to it.
pub(crate) fn preflight(requested: &HeaderMap) -> Answer {
    let mut answer = text(StatusCode::NO_CONTENT, "");
    let headers = answer.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, OPTIONS"),
    );
    // The origin has been judged; which headers its page adds decides nothing here.
    if let Some(names) = requested.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST, OPTIONS"));
    answer
}

/// Whether `method` asks for the preflight answer.
pub(crate) fn is_preflight(method: &Method) -> bool {
    method == Method::OPTIONS
}
