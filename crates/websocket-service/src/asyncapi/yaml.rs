//! A JSON value as YAML: block style, every string in double quotes. What YAML makes of bare words
//! (`no`, `1_000`, `=`) is thereby nobody's concern.

use serde_json::Value;

/// Writes the value as a YAML document.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (key, value) in object {
                text.push_str(&format!("{}{}:", "  ".repeat(depth), Value::from(key.as_str())));
                nested(value, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("{}-", "  ".repeat(depth)));
                nested(item, depth, text);
            }
        }
        scalar => text.push_str(&format!("{}{scalar}\n", "  ".repeat(depth))),
    }
}

fn nested(value: &Value, depth: usize, text: &mut String) {
    let is_block = match value {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if is_block {
        text.push('\n');
        block(value, depth + 1, text);
    } else {
        // An empty collection or a scalar is the same in JSON and YAML.
        text.push_str(&format!(" {value}\n"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_nests_by_indentation() {
        let value = json!({"a": {"b": [1, {"c": "no"}], "d": []}});
        let expected = "\"a\":\n  \"b\":\n    - 1\n    -\n      \"c\": \"no\"\n  \"d\": []\n";
        assert_eq!(write(&value), expected);
    }
}
