use http::{HeaderMap, HeaderValue, header};

use super::headers::KeptHeaders;
use super::query::{Query, TransportName};
use super::refusal::Refusal;

#[test]
fn queries_are_read_as_the_official_server_reads_them() {
    let polling = |sid| Ok(Query { transport: TransportName::Polling, sid });
    assert_eq!(Query::parse("EIO=4&transport=polling"), polling(None));
    assert_eq!(Query::parse("t=x&sid=abc&transport=polling&EIO=4"), polling(Some("abc")));
    assert_eq!(Query::parse("EIO=4&transport=polling&sid=a&sid=b"), polling(Some("a")));
    assert_eq!(Query::parse("EIO=4&transport=polling&sid="), polling(None));
    assert_eq!(Query::parse(""), Err(Refusal::UnknownTransport));
    assert_eq!(Query::parse("EIO=4&transport"), Err(Refusal::UnknownTransport));
    assert_eq!(Query::parse("transport=websocket"), Err(Refusal::UnsupportedProtocol));
    assert_eq!(Query::parse("EIO=3&transport=websocket"), Err(Refusal::UnsupportedProtocol));
}

#[test]
fn headers_come_back_without_those_of_the_connection() {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::COOKIE, HeaderValue::from_static("a=b: c"));
    headers.append(header::FORWARDED, HeaderValue::from_static("for=1"));
    headers.append(header::FORWARDED, HeaderValue::from_bytes(b"\xff:2").unwrap());
    let kept = KeptHeaders::keep(&headers, 1000).unwrap().to_map();
    headers.remove(header::CONNECTION);
    assert_eq!(kept, headers);
    assert_eq!(KeptHeaders::keep(&headers, 10).unwrap_err(), Refusal::HeadersTooLarge);
}
