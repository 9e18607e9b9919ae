use std::collections::BTreeSet;

use serde_json::Value;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_document_describes_every_call_in_full() {
    let world = World::new().await;
    let document = serde_json::to_value(&world.document).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with("/api/users"), "{path}");
        for (method, call) in item.as_object().unwrap() {
            let id = call["operationId"].as_str().unwrap();
            assert!(names.insert(id.to_owned()), "{id} twice");
            assert_eq!(call["tags"], serde_json::json!(["users"]), "{method} {path}");
            assert!(!call["summary"].as_str().unwrap().is_empty(), "{method} {path}");
            let answers = call["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with(['2', '3'])), "{id}");
            assert!(answers.contains_key("503"), "{id}");
            for (status, answer) in answers {
                assert!(!answer["description"].as_str().unwrap().is_empty(), "{id} {status}");
                if status.starts_with(['4', '5']) {
                    let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                    assert_eq!(schema, "#/components/schemas/Problem", "{id} {status}");
                }
            }
            let needs_token = call["security"].to_string().contains("bearer_auth");
            let unauthenticated = answers
                .get("401")
                .is_some_and(|answer| answer.to_string().contains("`unauthenticated`"));
            assert_eq!(needs_token, unauthenticated, "{id}");
            if call.get("requestBody").is_some() {
                for status in ["400", "413", "415", "422"] {
                    assert!(answers.contains_key(status), "{id} {status}");
                }
            }
        }
    }
    assert_eq!(names.len(), 26, "{names:?}");
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["bearer_auth"]["scheme"], "bearer");
    assert_eq!(schemes["session_cookie"]["in"], "cookie");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_of_the_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value {
                Value::String(to) if name == "$ref" => drop(found.insert(to)),
                other => references(other, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let world = World::new().await;
    let document = serde_json::to_value(&world.document).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}
