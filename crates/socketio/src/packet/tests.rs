use proptest::prelude::*;
use serde_json::{Value, json};

use super::binary::check_placeholders;
use super::decode::decode;
use super::json::check_depth;
use super::*;
use crate::frame::HEADER_SPACE;

const LIMITS: PacketLimits = PacketLimits { attachments: 10, depth: 32 };

fn read(text: &str) -> Option<(Packet, usize)> {
    decode(text.to_owned(), LIMITS).ok()
}

/// What an encoder wrote, without the room for the header and the Engine.IO type.
fn written(buffer: Vec<u8>) -> String {
    let text = String::from_utf8(buffer[HEADER_SPACE..].to_vec()).unwrap();
    text.strip_prefix('4').unwrap().to_owned()
}

#[test]
fn the_examples_of_the_protocol_document() {
    let connect = |namespace: &str, auth: Value| {
        Some((Packet { namespace: namespace.into(), body: Body::Connect { auth } }, 0))
    };
    assert_eq!(read("0"), connect("/", Value::Null));
    assert_eq!(read("0/admin,{\"token\":\"123\"}"), connect("/admin", json!({ "token": "123" })));
    assert_eq!(read("0/admin"), connect("/admin", Value::Null));
    let gone = Packet { namespace: "/admin".into(), body: Body::Disconnect };
    assert_eq!(read("1/admin,"), Some((gone, 0)));
    for (text, namespace, id, name, args, attachments) in [
        ("2[\"foo\"]", "/", None, "foo", vec![], 0),
        ("2/admin,[\"bar\"]", "/admin", None, "bar", vec![], 0),
        ("212[\"foo\"]", "/", Some(12), "foo", vec![], 0),
        ("2/admin,13[\"bar\",1]", "/admin", Some(13), "bar", vec!["1"], 0),
        (
            "51-[\"baz\",{\"_placeholder\":true,\"num\":0}]",
            "/",
            None,
            "baz",
            vec!["{\"_placeholder\":true,\"num\":0}"],
            1,
        ),
    ] {
        let (packet, count) = read(text).unwrap();
        assert_eq!((packet.namespace.as_str(), count), (namespace, attachments), "{text}");
        let Body::Event { id: got, name: got_name, args: got_args } = packet.body else {
            panic!("{text}")
        };
        assert_eq!((got, got_name.as_str()), (id, name), "{text}");
        let raws: Vec<&str> = (0..got_args.spans.len()).map(|n| got_args.raw(n).unwrap()).collect();
        assert_eq!(raws, args);
    }
    let (ack, count) = read("61-/admin,15[\"bar\",{\"_placeholder\":true,\"num\":0}]").unwrap();
    assert!(matches!(ack.body, Body::Ack { id: 15, .. }));
    assert_eq!((ack.namespace.as_str(), count), ("/admin", 1));
}

#[test]
fn packets_are_written_as_the_document_says() {
    let none: [Value; 0] = [];
    assert_eq!(written(encode::connect("/", "x")), "0{\"sid\":\"x\"}");
    assert_eq!(written(encode::connect("/admin", "x")), "0/admin,{\"sid\":\"x\"}");
    assert_eq!(
        written(encode::connect_error("/", "Not authorized", None)),
        "4{\"message\":\"Not authorized\"}"
    );
    assert_eq!(
        written(encode::connect_error("/a", "x", Some(&json!(1)))),
        "4/a,{\"message\":\"x\",\"data\":1}"
    );
    assert_eq!(written(encode::event("/", None, "foo", &none, 0)), "2[\"foo\"]");
    assert_eq!(
        written(encode::event("/admin", Some(12), "a\"", &[1, 2], 0)),
        "2/admin,12[\"a\\\"\",1,2]"
    );
    assert_eq!(written(encode::event("/admin", None, "baz", &none, 2)), "52-/admin,[\"baz\"]");
    assert_eq!(written(encode::ack("/admin", 13, &["bar"], 0)), "3/admin,13[\"bar\"]");
    assert_eq!(written(encode::ack("/", 15, &none, 1)), "61-15[]");
    assert_eq!(written(encode::event_raw("/", "m", b"{\"a\":1}")), "2[\"m\",{\"a\":1}]");
}

#[test]
fn a_payload_that_is_no_json_is_sent_as_null() {
    let map = std::collections::HashMap::from([((1, 2), 3)]);
    assert_eq!(written(encode::event("/", None, "m", &[map], 0)), "2[\"m\",null]");
}

#[test]
fn depth_is_counted_outside_of_strings() {
    assert!(check_depth("[[[]]]", 3).is_ok());
    assert!(check_depth("[[[]]]", 2).is_err());
    assert!(check_depth("[\"[[[[\\\"[[[[\"]", 1).is_ok());
    assert!(check_depth("[\"\\\\\",[[]]]", 2).is_err());
    assert!(check_depth(&"[".repeat(1_000_000), 32).is_err());
    assert!(
        read(&format!("2[\"x\",{}1{}]", "{\"a\":".repeat(10_000), "}".repeat(10_000))).is_none()
    );
}

#[test]
fn of_a_repeated_key_the_last_counts() {
    assert!(check_placeholders("{\"_placeholder\":true,\"_placeholder\":false}", 0).is_ok());
    assert!(check_placeholders("{\"_placeholder\":true,\"num\":0,\"num\":5}", 1).is_err());
    assert!(check_placeholders("{\"_plac\\u0065holder\":true,\"num\":5}", 1).is_err());
    assert!(check_placeholders("[1e400]", 1).is_err(), "refused, where JavaScript says Infinity");
}

fn arb_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_panics(text: String) {
        let _ = read(&text);
    }

    #[test]
    fn nearly_right_packets_do_not_panic(
        text in "[0-7]([0-9]{0,3}-)?(/[a-zé,]{0,4},)?[0-9]{0,4}[\\[\\]{}\",:a-z0-9\\\\é_ ]{0,40}"
    ) {
        if let Some((packet, attachments)) = read(&text) {
            prop_assert!(attachments <= LIMITS.attachments);
            if let Body::Event { args, .. } | Body::Ack { args, .. } = packet.body {
                for index in 0..args.spans.len() {
                    let raw = args.raw(index).unwrap();
                    prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(raw).is_ok());
                }
            }
        }
    }

    #[test]
    fn events_read_back(
        namespace in "(/[a-z]{0,8})",
        id in prop::option::of(0u64..1 << 53),
        name in "[a-m]{1,8}",
        values in prop::collection::vec(arb_json(), 0..4),
    ) {
        let text = written(encode::event(&namespace, id, &name, &values, 0));
        let (packet, _) = read(&text).unwrap();
        prop_assert_eq!(packet.namespace, namespace);
        let Body::Event { id: got, name: got_name, args } = packet.body else { panic!() };
        prop_assert_eq!((got, got_name), (id, name));
        let got: Vec<Value> = (0..args.spans.len())
            .map(|index| serde_json::from_str(args.raw(index).unwrap()).unwrap())
            .collect();
        prop_assert_eq!(got, values);
    }

    #[test]
    fn acks_read_back(id in 0u64..1 << 53, values in prop::collection::vec(arb_json(), 0..4)) {
        let (packet, _) = read(&written(encode::ack("/", id, &values, 0))).unwrap();
        let Body::Ack { id: got, args } = packet.body else { panic!() };
        prop_assert_eq!((got, args.spans.len()), (id, values.len()));
    }
}
