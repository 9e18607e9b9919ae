//! Lists in pages: `limit` and an opaque `cursor` in, `items` and `next_cursor` out.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::limits::{PAGE_DEFAULT, PAGE_MAX};

/// How many items a page holds: 1 to 100, 50 when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// The limit asked for; `None` when it is outside 1 to 100.
    #[must_use]
    pub fn new(asked: Option<u32>) -> Option<Self> {
        Self::at_most(asked, PAGE_DEFAULT, PAGE_MAX)
    }

    /// The limit asked for, for a list with bounds of its own.
    #[must_use]
    pub fn at_most(asked: Option<u32>, default: u32, max: u32) -> Option<Self> {
        match asked {
            None => Some(Self(default)),
            Some(n) if (1..=max).contains(&n) => Some(Self(n)),
            Some(_) => None,
        }
    }

    /// One item.
    #[must_use]
    pub const fn one() -> Self {
        Self(1)
    }

    /// The number of items.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The cursor was not made by this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one of ours")]
pub struct InvalidCursor;

/// An opaque place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor for a position (a sort key of the last item).
    #[must_use]
    pub fn encode<T: Serialize>(position: &T) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default()))
    }

    /// The position held by a client's cursor.
    ///
    /// # Errors
    /// [`InvalidCursor`] when it is not one that [`Cursor::encode`] made for such a position.
    pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        serde_json::from_slice(&bytes).map_err(|_| InvalidCursor)
    }

    /// The text a client sees.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; `null` at the end.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page from at most `limit` + 1 fetched items: the extra one only tells that there is more.
    #[must_use]
    pub fn from_overfetch<P: Serialize>(
        mut items: Vec<T>,
        limit: Limit,
        position: impl Fn(&T) -> P,
    ) -> Self {
        let size = limit.get() as usize;
        let more = items.len() > size;
        items.truncate(size);
        let next_cursor = match items.last() {
            Some(last) if more => Some(Cursor::encode(&position(last)).into_string()),
            _ => None,
        };
        Self { items, next_cursor }
    }

    /// The same page with each item changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_whether_there_is_more() {
        let limit = Limit::new(Some(2)).unwrap();
        let page = Page::from_overfetch(vec![1, 2, 3], limit, |n| *n);
        assert_eq!(page.items, [1, 2]);
        assert_eq!(Cursor::decode::<i32>(&page.next_cursor.unwrap()), Ok(2));
        assert_eq!(Page::from_overfetch(vec![1, 2], limit, |n| *n).next_cursor, None);
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in ["", "%%%", "AAAA", "eyJhIjoxfQ"] {
            assert_eq!(Cursor::decode::<(i64, String)>(text), Err(InvalidCursor), "{text}");
        }
    }

    #[test]
    fn limits_outside_the_bounds_are_refused() {
        assert_eq!(Limit::new(None).unwrap().get(), 50);
        assert_eq!(Limit::new(Some(0)), None);
        assert_eq!(Limit::new(Some(101)), None);
    }
}
