//! Looking at JSON before anything is built from it.

/// Why JSON was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadJson;

/// Refuses nesting above `max`. Reads bytes once, without recursion; whether they are JSON at all
/// is for the parser to say.
pub(crate) fn check_depth(json: &str, max: usize) -> Result<(), BadJson> {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > max {
                    return Err(BadJson);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Byte range of an element in the text it was read from.
pub(crate) type Span = (u32, u32);

/// The elements of the array that `text[start..]` is, as ranges of `text`. The whole is checked to
/// be JSON; elements are not built.
pub(crate) fn array_spans(text: &str, start: usize) -> Result<Vec<Span>, BadJson> {
    let json = text.get(start..).ok_or(BadJson)?;
    let elements: Vec<&serde_json::value::RawValue> =
        serde_json::from_str(json).map_err(|_| BadJson)?;
    let base = text.as_ptr().addr();
    elements
        .into_iter()
        .map(|element| {
            let from = element.get().as_ptr().addr().checked_sub(base).ok_or(BadJson)?;
            let to = from + element.get().len();
            Ok((u32::try_from(from).map_err(|_| BadJson)?, u32::try_from(to).map_err(|_| BadJson)?))
        })
        .collect()
}
